"""A dropped folder NAME.stems is one wish for all the stems in it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bridge.errors import BadRequest
from tests.hotfolder.watching import QUICK, watching, wav


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def song(inbox):
    folder = inbox / "song.stems"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("polling", ["off", "on"])
def test_stems_that_come_one_after_the_other_are_one_drop(inbox, song, polling):
    (inbox / "song.stems.txt").write_text("warmer")
    with watching(inbox, polling=polling, patience=replace(QUICK, stems_s=2.5)) as watch:
        for name in ("drums", "bass", "vocal"):
            (song / f"{name}.wav").write_bytes(wav())
            time.sleep(0.3)  # longer than a file alone must be quiet
        (drop,) = watch.wait(1)
        watch.stays_at(1)
    assert drop.path == str(song) and drop.wish.words == "warmer" and drop.refused is None
    assert drop.stems == {name: str(song / f"{name}.wav") for name in ("bass", "drums", "vocal")}


def test_a_stem_that_is_cut_short_refuses_the_drop_by_its_name(inbox, song):
    (song / "whole.wav").write_bytes(wav())
    (song / "broken.wav").write_bytes(wav(4800)[:3000])
    with watching(inbox) as watch:
        (drop,) = watch.wait(1)
    assert "broken.wav" in drop.refused


def test_a_new_take_of_one_stem_makes_another_drop(inbox, song):
    (song / "a.wav").write_bytes(wav())
    with watching(inbox) as watch:
        watch.wait(1)
        (song / "a.wav").write_bytes(wav(960))
        watch.wait(2)
        watch.stays_at(2)


def test_what_lies_deeper_and_what_is_no_sound_stays_out(inbox, song):
    (song / "a.wav").write_bytes(wav())
    (song / "notes.pdf").write_bytes(b"%PDF")
    (song / "old").mkdir()
    (song / "old" / "b.wav").write_bytes(wav())
    (song / "link.wav").symlink_to(song / "a.wav")
    with watching(inbox) as watch:
        (drop,) = watch.wait(1)
        watch.stays_at(1)
    assert list(drop.stems) == ["a"]


def test_an_empty_folder_of_stems_waits(inbox, song):
    with watching(inbox) as watch:
        watch.stays_at(0)
        (song / "a.wav").write_bytes(wav())
        watch.wait(1)


def test_a_stem_is_not_announced_alone(inbox, song):
    (song / "a.wav").write_bytes(wav())
    with watching(inbox) as watch, pytest.raises(BadRequest, match="taken as a whole"):
        watch.announce(song / "a.wav", len(wav()))
