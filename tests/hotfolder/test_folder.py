"""The hot folder on real folders: what becomes a job, and when, and that nothing is missed."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from bridge.hotfolder.watch import Watch, needs_polling
from bridge.hotfolder.wish import Wish
from tests.hotfolder.watching import PATIENT, watching, wav

posix = pytest.mark.skipif(os.name != "posix", reason="FIFOs, links and free names")
linux = pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8")


def test_files_there_before_and_after_the_start_are_delivered_once(inbox, polling):
    (inbox / "before.wav").write_bytes(wav())
    with watching(inbox, polling=polling) as watch:
        watch.wait(1)
        (inbox / "after.wav").write_bytes(wav())
        (inbox / "deep" / "er").mkdir(parents=True)
        (inbox / "deep" / "er" / "down.WAV").write_bytes(wav())
        drops = watch.wait(3)
        watch.stays_at(3)
    assert sorted(Path(drop.path).name for drop in drops) == ["after.wav", "before.wav", "down.WAV"]
    assert all(drop.refused is None and drop.wish == Wish() for drop in drops)


def test_a_slow_copy_is_delivered_once_and_whole(inbox, polling):
    data = wav(48_000)
    with watching(inbox, polling=polling, patience=PATIENT) as watch:
        with (inbox / "slow.wav").open("wb") as file:
            for start in range(0, len(data), len(data) // 8):
                file.write(data[start : start + len(data) // 8])
                file.flush()
                time.sleep(0.12)
        drop = watch.wait(1)[0]
        watch.stays_at(1)
    assert drop.refused is None
    assert drop.mark.stamp.size == len(data)


def test_a_copy_that_pauses_longer_than_the_settle_time_is_waited_for(inbox):
    data = wav(4800)
    with watching(inbox, patience=PATIENT) as watch:
        (inbox / "x.wav").write_bytes(data[:2000])
        time.sleep(0.4)
        with (inbox / "x.wav").open("ab") as file:
            file.write(data[2000:])
        assert watch.wait(1)[0].refused is None
        watch.stays_at(1)


def test_a_truncated_file_gets_its_verdict_after_a_while(inbox):
    with watching(inbox) as watch:
        begun = time.monotonic()
        (inbox / "cut.wav").write_bytes(wav(4800)[:3000])
        drop = watch.wait(1)[0]
        assert time.monotonic() - begun > 0.6
        watch.stays_at(1)
    assert "cut.wav" in drop.refused


@pytest.mark.parametrize("claimed", [0, 0xFFFFFFFF])
def test_a_recording_header_is_waited_for_until_the_recorder_ends(inbox, claimed):
    with watching(inbox, patience=PATIENT) as watch:
        (inbox / "take.wav").write_bytes(wav(4800, data_size=claimed))
        time.sleep(0.7)
        assert watch.drops == []
        (inbox / "take.wav").write_bytes(wav(4800))
        assert watch.wait(1)[0].refused is None


def test_a_recording_header_that_never_ends_gets_a_named_verdict(inbox):
    with watching(inbox) as watch:
        begun = time.monotonic()
        (inbox / "take.wav").write_bytes(wav(4800, data_size=0xFFFFFFFF))
        drop = watch.wait(1)[0]
        assert time.monotonic() - begun > 1.2
    assert "take.wav" in drop.refused


@posix
def test_what_is_no_sound_file_is_passed_over_with_a_reason(inbox, tmp_path, caplog):
    caplog.set_level("INFO", "bridge.hotfolder")
    (tmp_path / "outside.wav").write_bytes(wav())
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside.wav").write_bytes(wav())
    for name in ("a.wav.part", "b.wav.tmp", "c.wav.crdownload", ".d.wav", "._e.wav", "f.wav.reapeaks", "g.wav.asd",
                 "notes.txt", "~$h.wav"):  # fmt: skip
        (inbox / name).write_bytes(wav())
    (inbox / "dir.wav").mkdir()
    (inbox / ".hidden").mkdir()
    (inbox / ".hidden" / "i.wav").write_bytes(wav())
    (inbox / "link.wav").symlink_to(tmp_path / "outside.wav")
    (inbox / "linked").symlink_to(tmp_path / "folder")
    os.mkfifo(inbox / "fifo.wav")
    (inbox / "real.wav").write_bytes(wav())
    with watching(inbox) as watch:
        watch.wait(1)
        watch.stays_at(1)
    reasons = {
        r.facts["path"].removeprefix(f"{inbox}/"): r.facts["reason"]
        for r in caplog.records
        if r.msg == "ignored"
    }
    assert watch.drops[0].path.endswith("real.wav")
    assert reasons == {
        "a.wav.part": "a download that is not finished",
        "b.wav.tmp": "a temporary file",
        "c.wav.crdownload": "a download that is not finished",
        ".d.wav": "hidden",
        "._e.wav": "macOS's notes on a file",
        "f.wav.reapeaks": "REAPER's drawing of a file",
        "g.wav.asd": "Ableton Live's notes on a file",
        "notes.txt": "not an audio name",
        "~$h.wav": "an office program's lock",
        "dir.wav": "a folder, not a sound file",
        ".hidden": "hidden",
        "link.wav": "a symbolic link; put the file itself there",
        "linked": "not an audio name",
        "fifo.wav": "a named pipe",
    }


def test_a_download_is_taken_when_it_gets_its_name(inbox):
    with watching(inbox) as watch:
        (inbox / "x.wav.part").write_bytes(wav())
        watch.stays_at(0, 0.5)
        (inbox / "x.wav.part").rename(inbox / "x.wav")
        watch.wait(1)


@pytest.mark.parametrize(
    "name", ["Gesang ünï 東京 🎤.wav", "new\nline.wav", " spaces .wav", "a" * 251 + ".wav", "'\";$(x).wav"]
)
@posix
def test_any_name_that_the_system_allows(inbox, name):
    with watching(inbox) as watch:
        (inbox / name).write_bytes(wav())
        assert watch.wait(1)[0].path == str(inbox / name)


@linux
def test_a_name_that_is_no_utf_8(inbox):
    with watching(inbox) as watch:
        (inbox / os.fsdecode(b"caf\xe9.wav")).write_bytes(wav())
        assert os.fsencode(watch.wait(1)[0].path).endswith(b"caf\xe9.wav")


def test_a_folder_moved_in_loses_nothing(inbox, tmp_path, polling):
    outside = tmp_path / "album"
    (outside / "disc").mkdir(parents=True)
    for number in range(100):
        (outside / ("disc" if number % 2 else ".") / f"{number}.wav").write_bytes(wav())
    with watching(inbox, polling=polling) as watch:
        watch.stays_at(0, 0.3)
        outside.rename(inbox / "album")
        watch.wait(100)
        watch.stays_at(100)


def test_a_watcher_that_says_nothing_loses_nothing(inbox, monkeypatch):
    """An overflowing inotify queue seen from here: events that never come."""
    monkeypatch.setattr(Watch, "dispatch", lambda self, event: None)
    with watching(inbox, polling="off") as watch:
        watch.stays_at(0, 1.0)
        for number in range(50):
            (inbox / f"{number}.wav").write_bytes(wav())
        watch.wait(50)


def test_a_watcher_that_the_system_does_not_give_becomes_polling(inbox, monkeypatch):
    def no_watches_left(*_, **__):
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchdog.observers.Observer.schedule", no_watches_left)
    with watching(inbox, polling="off") as watch:
        (inbox / "x.wav").write_bytes(wav())
        watch.wait(1)


def test_network_shares_are_polled(monkeypatch, tmp_path):
    for kind, polled in (
        ("cifs", True),
        ("nfs4", True),
        ("fuse.sshfs", True),
        ("ext4", False),
        ("fuseblk", False),
    ):
        monkeypatch.setattr("bridge.hotfolder.watch.file_system_of", lambda folder, kind=kind: kind)
        assert needs_polling(str(tmp_path), "auto") is polled
        assert needs_polling(str(tmp_path), "on")
        assert not needs_polling(str(tmp_path), "off")


def test_no_sound_is_read_on_the_scanning_thread(inbox, monkeypatch):
    from bridge.hotfolder import examination

    threads = []
    inspect = examination.inspect
    monkeypatch.setattr(
        examination, "inspect", lambda *a: threads.append(threading.current_thread().name) or inspect(*a)
    )
    (inbox / "x.wav").write_bytes(wav())
    with watching(inbox) as watch:
        watch.wait(1)
    assert threads
    assert all(name.startswith("inbox-read") for name in threads)
