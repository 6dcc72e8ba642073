"""The hot folder on real folders: what becomes a job, when, with which words, and that nothing is missed."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from pathlib import Path

import pytest

from bridge.errors import BadInput
from bridge.hotfolder.scan import scan
from bridge.hotfolder.watch import Watch, needs_polling
from bridge.hotfolder.wish import Wish
from tests.hotfolder.watching import watching, wav

posix = pytest.mark.skipif(os.name != "posix", reason="FIFOs, links and free names")
linux = pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8")


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture(params=["off", "on"], ids=["watching", "polling"])
def polling(request):
    return request.param


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
    with watching(inbox, polling=polling) as watch:
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
    with watching(inbox) as watch:
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
    with watching(inbox) as watch:
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


# -- words ---------------------------------------------------------------------------------------------------------


def test_a_sidecar_gives_the_words(inbox):
    (inbox / "a.wav.txt").write_text("warmer")
    (inbox / "b.wav.request.json").write_text('{"request": "drier", "id": "take"}')
    (inbox / "b.wav.txt").write_text("not this one")
    for name in "ab":
        (inbox / f"{name}.wav").write_bytes(wav())
    with watching(inbox) as watch:
        watch.wait(2)
        watch.stays_at(2)
    assert watch.named("a.wav")[0].wish == Wish("warmer")
    assert watch.named("b.wav")[0].wish == Wish("drier", {}, "take")
    assert watch.named("b.wav")[0].ids == ("take",)


def test_a_sidecar_that_comes_later_is_delivered_again_with_its_words(inbox):
    with watching(inbox) as watch:
        (inbox / "x.wav").write_bytes(wav())
        watch.wait(1)
        (inbox / "x.wav.txt").write_text("warmer")
        watch.wait(2)
        (inbox / "x.wav.txt").write_text("much warmer")
        watch.wait(3)
        (inbox / "x.wav.txt").unlink()
        watch.stays_at(3)
    assert [drop.wish.words for drop in watch.drops] == [None, "warmer", "much warmer"]


def test_a_file_that_changes_is_delivered_again(inbox):
    with watching(inbox) as watch:
        (inbox / "x.wav").write_bytes(wav(480))
        watch.wait(1)
        (inbox / "x.wav").write_bytes(wav(960))
        watch.wait(2)
        watch.stays_at(2)


def test_a_bad_sidecar_refuses_its_file_with_the_reason(inbox):
    (inbox / "x.wav.request.json").write_text(
        json.dumps({"request": "x", "references": ["../../etc/passwd"]})
    )
    (inbox / "x.wav").write_bytes(wav())
    with watching(inbox) as watch:
        assert "outside the allowed folders" in watch.wait(1)[0].refused


def test_a_text_file_named_wav_is_refused_with_its_name(inbox):
    with watching(inbox) as watch:
        (inbox / "words.wav").write_text("these are words\n" * 50)
        assert "words.wav" in watch.wait(1)[0].refused


def test_the_nearest_folder_named_after_a_preset_gives_the_wish(inbox):
    presets = {"vocal": Wish("vocal chain"), "loud": Wish("louder", {"target": "club"})}
    for folder in ("vocal", "vocal/loud", "vocal/takes", "other"):
        (inbox / folder).mkdir(parents=True, exist_ok=True)
        (inbox / folder / f"{folder.replace('/', '-')}.wav").write_bytes(wav())
    with watching(inbox, presets=presets) as watch:
        watch.wait(4)
    assert {Path(d.path).name: d.wish.words for d in watch.drops} == {
        "vocal.wav": "vocal chain",
        "vocal-loud.wav": "louder",
        "vocal-takes.wav": "vocal chain",
        "other.wav": None,
    }


# -- announced -----------------------------------------------------------------------------------------------------


def test_an_announced_file_does_not_wait(inbox):
    from bridge.hotfolder.settle import Patience

    with watching(inbox, patience=Patience(settle_s=600)) as watch:
        (inbox / "x.wav").write_bytes(data := wav())
        (inbox / "x.wav.txt").write_text("warmer")
        watch.announce(inbox / "x.wav", len(data), "bounce-1")
        assert [(d.ids, d.wish.words) for d in watch.drops] == [(("bounce-1",), "warmer")]
        watch.stays_at(1, 0.5)


def test_an_announcement_in_the_middle_of_a_scan_keeps_its_id(inbox, monkeypatch):
    """The scan has passed the folder when the file comes: what it did not see is not gone."""
    passed, go_on = threading.Event(), threading.Event()

    def slow(root):
        view = scan(root)
        passed.set()
        assert go_on.wait(20)
        return view

    monkeypatch.setattr("bridge.hotfolder.folder.scan", slow)
    with watching(inbox) as watch:
        assert passed.wait(20)
        (inbox / "x.wav").write_bytes(wav(4800)[:2000])
        watch.announce(inbox / "x.wav", 2000, "early")
        go_on.set()
        (inbox / "x.wav").write_bytes(wav(4800))
        drop = watch.wait(1)[0]
    assert (drop.ids, drop.refused) == (("early",), None)


def test_an_announced_file_that_is_not_whole_waits_and_keeps_its_id(inbox):
    with watching(inbox) as watch:
        (inbox / "x.wav").write_bytes(wav(4800)[:2000])
        watch.announce(inbox / "x.wav", 2000, "early")
        assert watch.drops == []
        (inbox / "x.wav").write_bytes(wav(4800))
        drop = watch.wait(1)[0]
    assert (drop.ids, drop.refused) == (("early",), None)


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("x.wav", 5, "bytes, not 5"),
        ("none.wav", 5, "not there"),
        ("notes.txt", 4, "not an audio name"),
        (".hidden/x.wav", 4, "hidden folder"),
        ("fifo.wav", 0, "named pipe"),
        ("folder.wav", 0, "a folder"),
        ("link.wav", 4, "link"),
        ("../outside.wav", 4, "outside"),
        ("/etc/passwd", 4, "outside"),
    ],
)
@posix
def test_a_wrong_announcement_is_refused(inbox, tmp_path, name, size, words):
    (inbox / ".hidden").mkdir()
    (inbox / "folder.wav").mkdir()
    os.mkfifo(inbox / "fifo.wav")
    for path in (inbox / "x.wav", inbox / ".hidden" / "x.wav", tmp_path / "outside.wav"):
        path.write_bytes(wav())
    (inbox / "notes.txt").write_text("1234")
    (inbox / "link.wav").symlink_to(tmp_path / "outside.wav")
    with watching(inbox) as watch, pytest.raises(BadInput, match=words):
        watch.announce(inbox / name, size)


# -- when things go wrong ------------------------------------------------------------------------------------------


def test_a_delivery_that_fails_is_tried_again(inbox, monkeypatch):
    monkeypatch.setattr("bridge.hotfolder.folder.RETRY_S", 0.2)
    with watching(inbox, failing=2) as watch:
        for name in "abc":
            (inbox / f"{name}.wav").write_bytes(wav())
        watch.wait(3)
        watch.stays_at(3)


def test_a_file_that_breaks_the_delivery_is_refused_and_holds_up_no_other(inbox):
    (inbox / "b.wav.txt").write_text("poison")
    for name in "abc":
        (inbox / f"{name}.wav").write_bytes(wav())
    with watching(inbox, poison="poison") as watch:
        watch.wait(3)
        watch.stays_at(3)
        assert [Path(drop.path).name for drop in watch.drops if drop.refused] == ["b.wav"]
        assert "b.wav could not be taken" in watch.named("b.wav")[0].refused


def test_an_inbox_that_goes_away_and_comes_back_is_served_again(inbox, tmp_path, polling):
    with watching(inbox, polling=polling) as watch:
        (inbox / "a.wav").write_bytes(wav())
        watch.wait(1)
        inbox.rename(tmp_path / "gone")
        watch.stays_at(1, 0.5)
        inbox.mkdir()
        (inbox / "b.wav").write_bytes(wav())
        watch.wait(2)
    assert watch.drops[1].path.endswith("b.wav")


def test_an_unreadable_folder_does_not_hide_the_others(inbox, monkeypatch):
    real = os.scandir

    def refuses(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    (inbox / "locked").mkdir()
    (inbox / "open").mkdir()
    (inbox / "open" / "x.wav").write_bytes(wav())
    monkeypatch.setattr(os, "scandir", refuses)
    view = scan(str(inbox))
    assert list(view.marks) == [str(inbox / "open" / "x.wav")]
    assert view.ignored == {str(inbox / "locked"): "cannot be read (Permission denied)"}


def test_folders_nested_without_end_are_cut_off(inbox):
    deep = inbox
    for _ in range(80):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "x.wav").write_bytes(wav())
    view = scan(str(inbox))
    assert view.marks == {}
    assert list(view.ignored.values()) == ["nested too deep"]
    shutil.rmtree(inbox / "d")
