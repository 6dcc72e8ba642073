"""Wishes in words, planned, rendered and proven on real recordings and on sounds made for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bridge
from bridge.audio import Audio
from bridge.planning.plan import Plan, Step
from bridge.planning.planner import plan as planned
from bridge.presets import load_chains, load_lexicon, load_targets
from bridge.rendering.check import Check
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
        ("drier", "wish_roomy", -1), ("more reverb", "wish_reverb", 1), ("more compressed", "wish_compressor", -1),
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


def test_more_room_is_heard_behind_the_hits_and_an_equalizer_is_not(tabla):
    from bridge.rendering.proof.tail import tail_db

    wet = render(tabla, one("reverb", mix=0.2)).audio
    tone = render(
        tabla, one("equalizer", bands=[{"kind": "bell", "frequency_hz": 1000.0, "gain_db": 6.0}])
    ).audio
    assert tail_db(tabla, wet) > 3.0  # dB
    assert abs(tail_db(tabla, tone)) < 0.2
    assert tail_db(tabla, tabla) == pytest.approx(0.0, abs=1e-9)


def test_room_in_a_held_tone_is_not_provable():
    tone = signals.sine(440.0, -12.0, 2.0)
    done = render(tone, plan_of("more reverb", bridge.analyze(tone, without=("tempo", "key"))))
    assert any('"more reverb" cannot be proven' in why and "sustained" in why for why in done.unproven)
    assert wishes(done) == {}


def test_a_fifth_of_harmonics_reads_a_fifth():
    """A tone with a second one at its octave, 20 % as high: 0.2 / sqrt(1 + 0.04) of the whole is new."""
    from bridge.audio import Audio
    from bridge.rendering.proof.new_sound import new_percent

    rate, chance = 48000, np.random.default_rng(440)
    source = chance.standard_normal((1, 4 * rate)) * 0.1
    other = chance.standard_normal((1, 4 * rate)) * 0.02
    one, two = (Audio(each.astype(np.float32), rate) for each in (source, source + other))
    assert new_percent(one, two) == pytest.approx(100 * 0.2 / np.sqrt(1.04), rel=0.05)
    assert new_percent(one, Audio((2 * source).astype(np.float32), rate)) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(
    ("words", "name", "way"),
    [("pan left", "wish_pan", -1), ("pan 30 % right", "wish_pan", 1), ("add saturation", "wish_saturation", 1),
     ("wider highs", "wish_stereo_width", 1)],
)  # fmt: skip
def test_sides_and_saturation_are_proven_on_the_guitar(guitar, heard, words, name, way):
    check = wishes(render(guitar, plan_of(words, heard[id(guitar)])))[name]
    assert check.ok and check.got * way >= 0.5


def test_a_peak_that_was_said_is_there_and_a_second_rendering_puts_it_right(tabla, heard):
    plan = plan_of("peak at -3 dBTP", heard[id(tabla)])
    assert wishes(render(tabla, plan))["wish_peak"].got == pytest.approx(-3.0, abs=0.05)
    plan = plan_of("warmer, peak at -3 dBTP", heard[id(tabla)])
    first = wishes(render(tabla, plan))["wish_peak"]
    done = refined_once(plan, lambda each: render(tabla, each))
    assert not first.ok and wishes(done)["wish_peak"].got == pytest.approx(-3.0, abs=0.2)


def test_dynamics_that_were_to_be_kept_are_held_against_the_result(tabla, heard):
    plan = plan_of("-14 LUFS, keep the dynamics", heard[id(tabla)])
    check = wishes(render(tabla, plan))["wish_dynamics"]
    assert check.ok and check.sense == "at_most"
    pressed = Step(
        id="c", effect="compressor", parameters={"threshold_db": -50.0, "ratio": 10.0, "release_ms": 50.0}
    )
    harder = plan.model_copy(update={"steps": (pressed, *plan.steps)})
    assert not wishes(render(tabla, harder))["wish_dynamics"].ok


def one(effect: str, **parameters) -> Plan:
    return Plan(steps=(Step(id=f"{effect}-1", effect=effect, parameters=parameters),)).with_id()


def test_what_loses_something_that_held_is_not_better():
    from bridge.rendering.proof.better import is_better

    def checks(warm: bool, band: bool):
        return [
            Check(name="wish_warm", asked=0.5, got=0.6 if warm else 0.1, unit="dB", ok=warm, shows="x"),
            Check(name="wish_band", asked=3.0, got=3.0 if band else 4.5, unit="dB", ok=band, shows="y"),
        ]

    assert is_better(checks(True, True), checks(False, True))
    assert not is_better(checks(True, False), checks(False, True))


def test_warmth_behind_a_loudness_target_takes_shelves_and_no_more_drive(tabla, heard):
    """Limiting takes the low hits back, so that the first rendering is colder than the source."""
    plan = plan_of("warmer but not muddy, -14 LUFS", heard[id(tabla)])
    done = refined_once(plan, lambda each: render(tabla, each))
    was, now = ({step.effect: step for step in each.steps} for each in (plan, done.plan))
    assert wishes(done)["wish_warm"].ok and wishes(done)["wish_not_muddy"].ok
    assert now["saturation"].parameters == was["saturation"].parameters
    assert all(abs(band["gain_db"]) <= 6.0 for band in now["equalizer"].parameters["bands"])


def test_onsets_of_a_full_recording_get_their_room_by_a_gain_and_stand_out(tabla):
    """At full scale a limiter would take the onsets back."""
    full = Audio((tabla.samples / np.abs(tabla.samples).max() * 0.99).astype(np.float32), tabla.rate)
    plan = plan_of("punchier", bridge.analyze(full, without=("tempo", "key")))
    assert {step.effect for step in plan.steps} == {"gain", "equalizer", "transient_shaper"}
    done = render(full, plan)
    assert wishes(done)["wish_punchy"].got >= 0.5
    assert np.abs(done.audio.samples).max() <= 1.0
    assert next(step for step in plan.steps if step.effect == "gain").parameters["gain_db"] < 0


def test_a_loudness_that_leaves_onsets_no_room_says_which_one_would(tabla):
    outcome = planned(
        "punchier, -14 LUFS", bridge.analyze(tabla, without=("tempo", "key")), lexicon=load_lexicon(),
        targets=load_targets(), chains=load_chains(),
    )  # fmt: skip
    assert any("off the onsets" in text and "they stay whole" in text for text in outcome.warnings)
