"""Wishes for a part of the song: where the sound says which, there; where it is not sure, a question with times."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.analysis.reading import Analysis
from bridge.planning.plan import Outcome
from bridge.planning.planner import plan
from bridge.planning.safety import HEADROOM
from bridge.planning.song_parts import names_a_part
from bridge.presets import load_lexicon, load_tongues

_PARTS = (
    ("intro", 0, 10, "A", 0.8), ("verse", 10, 30, "B", 0.9), ("chorus", 30, 50, "C", 0.9), ("verse", 50, 70, "B", 0.9),
    ("chorus", 70, 90, "C", 0.9), ("bridge", 90, 100, "D", 0.3), ("chorus", 100, 120, "C", 0.9),
)  # fmt: skip


def _said(words: str, parts: Any = _PARTS, asked: Outcome | None = None) -> Outcome:
    form = [
        {"name": name, "start_s": start, "end_s": end, "label": label, "confidence": sure, "level_db": 0.0}
        for name, start, end, label, sure in parts
    ]
    sound = Analysis.from_readings({"tempo": 120.0, "true_peak": -6.0, "rms": -20.0}, 48000, 2, 48000 * 120)
    heard = Analysis(sound.readings, sound.rate, sound.channels, sound.frames, {"form": form})
    return plan(words, heard, lexicon=load_lexicon(), asked=asked)


def _regions(outcome: Outcome) -> list[tuple[float, float] | None]:
    assert outcome.plan is not None, outcome
    asked = [step for step in outcome.plan.steps if step.intent != HEADROOM]
    return [(step.region.start_s, step.region.end_s) if step.region else None for step in asked]


def test_every_chorus_gets_what_is_asked_for_the_chorus():
    made = _said("more reverb in the chorus")
    assert _regions(made) == [(30, 50), (70, 90), (100, 120)]
    assert "by the sound, that is 0:30 to 0:50" in " ".join(made.warnings)


def test_the_second_verse_is_one_of_them():
    assert _regions(_said("3 dB quieter in the second verse")) == [(50, 70)]


def test_the_last_chorus_is_the_last():
    assert _regions(_said("3 dB louder in the last chorus")) == [(100, 120)]


def test_what_is_not_sure_is_asked_about_with_times_and_the_answer_works():
    asked = _said("3 dB quieter in the bridge")
    assert asked.kind == "clarify"
    choice = next(choice for choice in asked.choices if "maybe the bridge" in choice.label)
    assert choice.label.startswith("1:30 to 1:40")
    assert _regions(_said(choice.label, asked=asked)) == [(90, 100)]


def test_a_part_that_is_not_there_is_asked_about():
    asked = _said("3 dB quieter in the outro")
    assert asked.kind == "clarify"
    assert "no outro could be told" in (asked.question or "")
    assert _regions(_said("from 1:50 to 2:00", asked=asked)) == [(110, 120)]


def test_without_a_form_the_times_are_asked_for():
    asked = _said("3 dB quieter in the chorus", parts=())
    assert asked.kind == "clarify"
    assert not asked.choices


def test_bars_are_counted_by_the_tempo():
    assert _regions(_said("turn the first 8 bars down 3 dB")) == [(0, 16)]
    assert _regions(_said("the last bar 3 dB quieter")) == [(118, 120)]


def test_open_ends_reach_to_the_end_of_the_sound():
    assert _regions(_said("after 1:30 3 dB quieter")) == [(90, 120)]
    assert _regions(_said("from 1:30 on 3 dB quieter")) == [(90, 120)]
    assert _regions(_said("until 0:10 3 dB quieter")) == [(0, 10)]


def test_a_stretch_behind_the_end_of_the_sound_is_asked_about():
    asked = _said("turn down 12:30 to 12:45 by 6 dB")
    assert asked.kind == "clarify"
    assert "ends at 2:00" in (asked.question or "")


def test_loudness_is_of_the_whole_also_beside_a_chorus():
    made = _said("in the chorus, 2 dB louder and -14 LUFS")
    assert made.plan is not None
    assert [step.region is None for step in made.plan.steps if step.effect == "loudness"] == [True]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("more reverb in the chorus", True),
        ("the second verse warmer", True),
        ("mehr Hall im Refrain", True),
        ("add chorus", False),
        ("warmer, -14 LUFS", False),
        ("louder from 1:05 to 1:20", False),
    ],
)
def test_only_words_that_name_a_part_ask_for_the_form_of_the_song(words, named):
    assert names_a_part(words, load_lexicon("en"), load_tongues()) is named
