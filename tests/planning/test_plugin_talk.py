"""How people speak of plugins: in order, with their own parameters, instead of something, not at all; and questions."""

from __future__ import annotations

import pytest

from tests.planning.casebook import SOUNDS
from tests.planning.test_plugins import names, settings
from tests.planning.zam import outcome_of

SONG = SOUNDS["song"]


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("ZamEQ2, then ZamCompX2, then ZaMaximX2", ["ZamEQ2", "ZamCompX2", "ZaMaximX2"]),
        ("ZamCompX2 -> ZamEQ2 -> ZaMaximX2", ["ZamCompX2", "ZamEQ2", "ZaMaximX2"]),
        ("ZamTube → ZamCompX2", ["ZamTube", "ZamCompX2"]),
        ("run it through ZamTube and then ZamCompX2", ["ZamTube", "ZamCompX2"]),
    ],
)
def test_plugins_said_in_an_order_stand_in_it(words, order):
    assert names(outcome_of(words, SONG)) == order


@pytest.mark.parametrize(
    ("words", "plugin", "own"),
    [
        ("use ZamHeadX2 with width 1.5", "ZamHeadX2", {"width": 1.5}),
        ("use ZamGEQ31 with 32hz -6", "ZamGEQ31", {"32hz_db": -6}),
        (
            "use ZamGrains with loop time 500 ms and grains 20",
            "ZamGrains",
            {"loop_time_ms": 500, "grains": 20},
        ),
    ],
)
def test_the_names_of_its_own_parameters_say_nothing_else(words, plugin, own):
    outcome = outcome_of(words, SONG)
    assert names(outcome) == [plugin] and settings(outcome, plugin) == own
    assert outcome.unsupported == ()


def test_a_number_with_a_unit_goes_to_the_effect_that_the_plugin_plays():
    got = settings(outcome_of("ZamDelay 300 ms with feedback 40 %", SONG), "ZamDelay")
    assert got["time_ms"] == 300
    assert got["feedback"] == pytest.approx(0.4)  # percent of what goes from 0 to 1


def test_what_is_held_is_told_with_its_unit_and_in_the_reason():
    outcome = outcome_of("use ZamCompX2 with threshold -200", SONG)
    assert "ZamCompX2 threshold_db: -200 dB is held at -80 dB." in outcome.warnings
    assert settings(outcome, "ZamCompX2")["threshold_db"] == -80
    assert outcome.plan.steps[0].reason.endswith("played by ZamCompX2 with threshold_db -80.")


def test_parallel_compression_with_a_plugin_blends_the_dry_sound():
    (step,) = outcome_of("parallel compression with ZamCompX2", SONG).plan.steps
    assert step.effect == "hosted_plugin" and step.wet == 0.5


@pytest.mark.parametrize(
    "words", ["warmer, not with ZamEQ2", "warmer but don't use ZamEQ2", "warmer without ZamEQ2"]
)
def test_a_plugin_that_is_not_wanted_does_not_play(words):
    outcome = outcome_of(words, SONG)
    assert "ZamEQ2" not in names(outcome) and outcome.unsupported == ()


@pytest.mark.parametrize(
    "words",
    ["swap the compressor for ZamCompX2", "exchange the compressor for ZamCompX2", "use the plugin ZamCompX2",
     "put ZamCompX2 at the end", "load ZamCompX2"],
)  # fmt: skip
def test_a_plugin_is_asked_for_in_many_ways(words):
    outcome = outcome_of(words, SONG)
    assert names(outcome) == ["ZamCompX2"]
    assert outcome.unsupported == () and outcome.warnings == ()


def test_a_maker_may_stand_behind_the_name():
    outcome = outcome_of("compress with Pro-C 2 by FabFilter", SONG)
    assert outcome.plan.replaced[0].plugin == "Pro-C 2 by FabFilter"


def test_questions_about_plugins_are_answered():
    answer = outcome_of("which plugins do I have?", SONG).answer
    assert "ZamCompX2 (compressor)" in answer and "ZamTube," in answer
    answer = outcome_of("what does ZamCompX2 do?", SONG).answer
    assert "plays compressor, takes stereo sound" in answer and "threshold_db" in answer
    answer = outcome_of("what does FabFilter Pro-C 2 do?", SONG).answer
    assert answer == "FabFilter Pro-C 2 is not on this machine; the built-in compressor comes nearest."


def test_a_preset_that_is_not_there_is_named():
    outcome = outcome_of("use ZamCompX2 with preset Vocals", SONG)
    assert "has no preset 'vocals'; there is none" in outcome.unsupported[0]
