"""What goes wrong around a hot folder holds up no other file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bridge.hotfolder.scan import scan
from tests.hotfolder.watching import watching, wav


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
