"""What a model can ask of effects: numbers, switches, words of a choice and bands, all held to what there is."""

from __future__ import annotations

import pytest

from bridge.effects import EFFECTS
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.llm.extract import Unusable
from bridge.llm.reply import heard as taken
from bridge.llm.schema import effects_in_words
from bridge.planning.planner import respond
from tests.llm.asking import hear, number, reply, step
from tests.llm.wire import says, serving


def planned(context, words, *steps):
    """The steps of the plan that a server's answer becomes, by effect."""
    with serving(says(reply(*steps))) as wire:
        outcome = respond(hear(wire, words, context), context, words)
    assert outcome.plan is not None, outcome
    return {step.effect: step for step in outcome.plan.steps}


def test_a_word_of_a_choice_reaches_the_effect(context):
    asked = step("effect", "saturation", parameters=[number("kind", "tube"), number("drive_db", 6)])
    found = planned(context, "6 dB of tube drive", asked)["saturation"]
    assert found.parameters["kind"] == "tube" and found.parameters["drive_db"] == 6


def test_bands_reach_the_effect_in_their_order_and_within_their_spans(context):
    bands = [
        ("bands.1.above_hz", 5000),
        ("bands.1.width", 9),
        ("bands.0.above_hz", 300),
        ("bands.0.width", 1.2),
    ]
    asked = step("effect", "stereo_width", parameters=[number(*band) for band in bands])
    found = planned(context, "wider above 300 Hz", asked)["stereo_width"]
    (low, high) = found.parameters["bands"]
    assert (low["above_hz"], low["width"], high["above_hz"]) == (300, 1.2, 5000)
    assert high["width"] == 1.5  # nobody said 9


def test_a_switch_and_a_cut_at_the_end_reach_the_trim(context):
    asked = step("effect", "trim", parameters=[number("lead_in", 0), number("cut_end_s", 0.5)])
    found = planned(context, "cut off the last 0.5 s", asked)["trim"]
    assert found.parameters["lead_in"] in (False, 0) and found.parameters["cut_end_s"] == 0.5


def test_time_pitch_and_repairs_reach_the_plan_on_the_part_that_was_named(context):
    found = planned(
        context, "10 % faster, 2 semitones up, remove the clicks, de-ess the middle",
        step("effect", "time_stretch", parameters=[number("speed", 1.1)]),
        step("effect", "pitch_shift", parameters=[number("semitones", 2), number("keep_formants", 1)]),
        step("effect", "declick"),
        step("effect", "de_esser", parameters=[number("mode", "wide")], part="mid"),
    )  # fmt: skip
    assert found["time_stretch"].parameters["speed"] == 1.1
    assert found["pitch_shift"].parameters["semitones"] == 2
    assert found["declick"].part == "all" and found["de_esser"].part == "mid"
    assert found["de_esser"].parameters["mode"] == "wide"


@pytest.mark.parametrize(
    ("effect", "name", "value", "said"),
    [
        ("saturation", "kind", "fuzz", "is one of soft, tape, tube, transistor"),
        ("saturation", "drive_db", "lots", "is a number"),
        ("compressor", "auto_makeup", 7, "is one of 0, 1"),
        ("stereo_width", "bands.4.width", 1, "has no parameter"),
        ("stereo_width", "bands.0.colour", 1, "has no parameter"),
        ("convolution_reverb", "file", "/etc/passwd", "has no parameter"),
    ],
)
def test_what_an_effect_does_not_have_is_named(effect, name, value, said, context):
    with pytest.raises(Unusable, match=said):
        taken(reply(step("effect", effect, parameters=[number(name, value)])), "do it", context)


def test_the_prompt_lists_every_effect_in_few_words():
    listed = effects_in_words()
    assert all(f"- {kind.name}: " in listed for kind in EFFECTS if kind is not HostedPlugin)
    assert len(listed) < 100 * len(EFFECTS) and max(map(len, listed.splitlines())) < 400
