"""With which words a file of the hot folder becomes a job."""

from __future__ import annotations

import json
from pathlib import Path

from bridge.hotfolder.wish import Wish
from tests.hotfolder.watching import watching, wav


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
