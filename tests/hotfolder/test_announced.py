"""Files that a DAW announces to the hot folder."""

from __future__ import annotations

import os
import threading

import pytest

from bridge.errors import BadInput
from bridge.hotfolder.scan import scan
from tests.hotfolder.watching import PATIENT, watching, wav

posix = pytest.mark.skipif(os.name != "posix", reason="FIFOs, links and free names")


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
    with watching(inbox, patience=PATIENT) as watch:
        assert passed.wait(20)
        (inbox / "x.wav").write_bytes(wav(4800)[:2000])
        watch.announce(inbox / "x.wav", 2000, "early")
        go_on.set()
        (inbox / "x.wav").write_bytes(wav(4800))
        drop = watch.wait(1)[0]
    assert (drop.ids, drop.refused) == (("early",), None)


def test_an_announced_file_that_is_not_whole_waits_and_keeps_its_id(inbox):
    with watching(inbox, patience=PATIENT) as watch:
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
