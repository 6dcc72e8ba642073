"""Wishes in words, planned, rendered and proven on real recordings and on sounds made for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bridge
from bridge.planning.planner import plan as planned
from bridge.presets import load_chains, load_lexicon, load_targets
from bridge.rendering.proof.round import refined_once
from bridge.rendering.render import render
from tests import signals

RECORDINGS = Path(__file__).parents[3] / "docs" / "recordings"


@pytest.fixture(scope="module")
def tabla():
    return bridge.read(RECORDINGS / "loop_tabla.flac")


@pytest.fixture(scope="module")
def guitar():
    return bridge.read(RECORDINGS / "guit_e_fifths.flac")


@pytest.fixture(scope="module")
def heard(tabla, guitar):
    return {id(audio): bridge.analyze(audio, without=("tempo", "key")) for audio in (tabla, guitar)}


def plan_of(words, analysis):
    outcome = planned(words, analysis, lexicon=load_lexicon(), targets=load_targets(), chains=load_chains())
    assert outcome.plan is not None, outcome
    return outcome.plan


def wishes(done):
    return {check.name: check for check in done.checks if check.shows}


@pytest.mark.parametrize(
    ("words", "name", "way"),
    [
        ("warmer", "wish_warm", 1), ("less boomy", "wish_boomy", -1), ("brighter", "wish_bright", 1),
        ("louder", "wish_louder", 1), ("quieter", "wish_quieter", -1), ("more punch", "wish_punchy", 1),
        ("drier", "wish_roomy", None), ("more reverb", "wish_reverb", -1), ("more compressed", "wish_compressor", -1),
        ("high-pass at 80 Hz", "wish_high_pass", -1), ("cut 3 dB at 250 Hz", "wish_band", -1),
    ],
)  # fmt: skip
def test_a_wish_is_proven_on_the_tabla(tabla, heard, words, name, way):
    done = render(tabla, plan_of(words, heard[id(tabla)]))
    check = wishes(done)[name]
    assert check.ok, check
    assert check.words and check.unit and check.sense
    if way is not None:
        assert check.got * way > 0


@pytest.mark.parametrize(("words", "asked"), [("wider", 1), ("narrower", -1)])
def test_width_is_proven_on_the_guitar(guitar, heard, words, asked):
    done = render(guitar, plan_of(words, heard[id(guitar)]))
    (check,) = wishes(done).values()
    assert check.ok and check.got * asked >= 0.5


def test_four_semitones_are_four_semitones_and_ten_percent_faster_is_shorter(guitar, heard):
    done = render(guitar, plan_of("up 4 semitones, 10 % faster", heard[id(guitar)]))
    found = wishes(done)
    assert found["wish_pitch_shift"].got == pytest.approx(400, abs=5) and found["wish_pitch_shift"].ok
    assert found["wish_time_stretch"].got == pytest.approx(1.1, rel=0.001) and found["wish_time_stretch"].ok


def test_brighter_but_not_harsh_is_both_and_the_second_bounds_the_first(tabla, heard):
    plan = plan_of("brighter but not harsh", heard[id(tabla)])
    done = refined_once(plan, lambda each: render(tabla, each))
    found = wishes(done)
    assert found["wish_not_harsh"].ok and found["wish_not_harsh"].sense == "at_most"
    assert found["wish_bright"].got > 0


def test_a_plan_whose_sound_was_not_changed_proves_nothing(tabla, heard):
    """The proof listens to the sound, not to the plan: a step that is bypassed after planning misses."""
    plan = plan_of("warmer", heard[id(tabla)])
    off = plan.model_copy(
        update={"steps": tuple(step.model_copy(update={"wet": 0.02}) for step in plan.steps)}
    )
    check = wishes(render(tabla, off))["wish_warm"]
    assert not check.ok and "at least" in check.reason


def test_width_of_a_mono_sound_is_said_to_be_unprovable():
    from bridge.planning.promises.promise import Promise
    from bridge.rendering.proof.listened import Listened
    from bridge.rendering.proof.prove import prove

    mono = signals.white(-20.0, 2.0, channels=1)
    promise = Promise(
        name="wish_wide", wish="effect stereo_width +1", words="wider", figure="width", asked=0.5
    )
    listened = Listened(mono, bridge.analyze(mono, without=("tempo", "key")))
    proof = prove((promise,), (), listened, listened)
    assert proof.checks == () and proof.unproven == (
        '"wider" cannot be proven on this sound: it has no left and right.',
    )


def test_a_round_makes_a_guitar_warmer_that_was_warm_already(guitar, heard):
    plan = plan_of("warmer", heard[id(guitar)])
    first = render(guitar, plan)
    done = refined_once(plan, lambda each: render(guitar, each))
    assert wishes(first)["wish_warm"].got < wishes(done)["wish_warm"].got
    assert done.plan is not None and done.plan.parent_id == plan.id
    assert any(text.startswith("refined once: ") for text in done.warnings)


def test_a_wish_for_a_stretch_of_time_is_proven_in_that_stretch(tabla, heard):
    plan = plan_of("brighter from 1 to 3 seconds", heard[id(tabla)])
    (promise,) = plan.promises
    assert promise.span is not None
    done = render(tabla, plan)
    (check,) = wishes(done).values()
    samples, made = tabla.samples, done.audio.samples
    rate = tabla.rate
    assert np.array_equal(samples[:, : rate // 2], made[:, : rate // 2])
    assert check.ok
