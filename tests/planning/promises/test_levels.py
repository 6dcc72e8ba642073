"""What louder and quieter promise: by all that their words come to at one place."""

from __future__ import annotations

import pytest

from bridge.analysis.reading import Analysis, Reading
from bridge.planning.context import Context
from bridge.planning.listen import intents_from_words
from bridge.planning.planner import respond
from bridge.presets import load_lexicon


def plan_of(words: str, *names: str):
    measured = (("integrated_loudness", -20.0, "LUFS"), ("true_peak", -9.0, "dBTP"), ("rms", -22.0, "dBFS"))
    readings = {name: Reading(name, value, unit) for name, value, unit in measured}
    analyses = {name: Analysis(readings, rate=48000, channels=2) for name in names or ("input",)}
    context = Context(analyses, load_lexicon("en"))
    outcome = respond(intents_from_words(words, context), context, words)
    assert outcome.plan is not None, outcome
    return outcome.plan


def gain_db(plan) -> float:
    (step,) = [step for step in plan.steps if step.effect == "gain"]
    return step.parameters["gain_db"]


def test_a_plain_wish_after_a_number_is_not_lost():
    assert gain_db(plan_of("2 dB quieter, a bit quieter")) == pytest.approx(-2.0 - 1.5)  # a bit: half of 3 dB


def test_wishes_that_share_a_gain_are_held_to_what_they_come_to_together():
    plan = plan_of("mix 2 dB quieter, all stems quieter", "drums", "bass")
    assert {promise.asked for promise in plan.promises} == {gain_db(plan)} == {-5.0}
    assert all(promise.sense == "about" and promise.where == "mix" for promise in plan.promises)


def test_a_stem_and_the_mix_are_held_each_to_its_own_gain():
    plan = plan_of("drums 4 dB quieter, mix 2 dB quieter", "drums", "bass")
    assert {promise.where: promise.asked for promise in plan.promises} == {"drums": -4.0, "mix": -2.0}


def test_a_number_beside_other_steps_is_open_to_a_second_rendering_and_alone_it_is_not():
    (alone,) = plan_of("1 dB quieter").promises
    beside = next(each for each in plan_of("1 dB quieter, warmer").promises if each.name == "wish_quieter")
    assert not alone.open and alone.asked == -1.0
    assert beside.open and beside.asked == -0.5 and beside.sense == "at_least"
