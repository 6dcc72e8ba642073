"""Room, echoes and swings are heard beside the sound that they are of, and nothing else is taken for them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

import bridge
from bridge.audio import Audio
from bridge.planning.plan import Plan, Step
from bridge.planning.planner import plan as planned
from bridge.presets import load_chains, load_lexicon, load_targets
from bridge.rendering.proof.beside import beside_percent
from bridge.rendering.render import render
from tests.analysis.corpus import recordings

RATE = 44100


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return 0.1 * np.random.default_rng(20261122).standard_normal((1, 3 * RATE))


def percent(source: np.ndarray, result: np.ndarray) -> float | None:
    one, two = (Audio(each.astype(np.float32), RATE) for each in (source, result))
    return beside_percent(one, two, 0.5)


def test_an_echo_is_beside_the_sound_by_as_much_as_is_mixed_in(noise):
    echo = np.zeros_like(noise)
    echo[:, RATE // 4 :] = 0.3 * noise[:, : -RATE // 4]
    # The first quarter of a second of three has no echo: sqrt(2.75 / 3) of 30 %.
    assert percent(noise, noise + echo) == pytest.approx(30.0 * np.sqrt(2.75 / 3), rel=0.02)


def test_a_swinging_level_is_beside_its_mean_by_its_sideband(noise):
    time_s = np.arange(noise.shape[1]) / RATE
    swung = noise * (1 - 0.5 * (0.5 - 0.5 * np.cos(2 * np.pi * 4 * time_s)))
    # 0.75 * (1 + (1/3) cos): the swing holds a third over root 2 of the mean.
    assert percent(noise, swung) == pytest.approx(100 / 3 / np.sqrt(2), rel=0.02)


def test_a_gain_and_a_gentle_filter_put_nothing_beside_the_sound(noise):
    assert percent(noise, -0.4 * noise) < 0.2
    assert percent(noise, sosfilt(butter(1, 8000, fs=RATE, output="sos"), noise)) < 0.5


def test_silence_has_nothing_beside_it(noise):
    assert percent(np.zeros_like(noise), noise) is None


@pytest.fixture(scope="module")
def guitar() -> tuple[Audio, object]:
    whole = recordings.at_speed("guit_e_fifths", RATE, 1.0)[:, : 4 * RATE]
    audio = Audio((0.3 * whole / np.abs(whole).max()).astype(np.float32), RATE)
    return audio, bridge.analyze(audio, without=("tempo", "key"))


def plan_of(words, analysis) -> Plan:
    outcome = planned(words, analysis, lexicon=load_lexicon(), targets=load_targets(), chains=load_chains())
    assert outcome.plan is not None, outcome
    return outcome.plan


@pytest.mark.parametrize(
    "words",
    ["add chorus", "add a flanger", "add a phaser", "add tremolo", "add reverb", "add a delay", "reverb 8 % mix",
     "chorus, 2 dB more at 3 kHz"],
)  # fmt: skip
def test_each_effect_that_was_asked_for_is_found_and_its_absence_too(guitar, words):
    audio, analysis = guitar
    plan = plan_of(words, analysis)
    name = next(each.name for each in plan.promises if each.figure == "beside")

    def check(each: Plan):
        return next(one for one in render(audio, each).checks if one.name == name)

    assert check(plan).ok and not check(plan).faint
    steps = tuple(
        step if step.effect == "equalizer" else step.model_copy(update={"wet": 0.01}) for step in plan.steps
    )
    assert not check(plan.model_copy(update={"steps": steps})).ok


def test_room_beside_compression_is_looked_for_behind_the_hits(guitar):
    audio, analysis = guitar
    done = render(audio, plan_of("add reverb, compress it", analysis))
    check = next(one for one in done.checks if one.name == "wish_reverb")
    assert check.unit == "dB" and "behind hits" in check.shows


def test_a_chorus_beside_compression_is_not_told_apart(guitar):
    audio, analysis = guitar
    done = render(audio, plan_of("add chorus, compress it", analysis))
    assert any("from moment to moment" in why for why in done.unproven)


def test_a_shelf_is_no_room():
    noise = Audio(0.1 * np.random.default_rng(7).standard_normal((1, RATE)).astype(np.float32), RATE)
    bands = [{"kind": "low_shelf", "frequency_hz": 120.0, "gain_db": 9.0}]
    made = render(
        noise, Plan(steps=(Step(id="e", effect="equalizer", parameters={"bands": bands}),)).with_id()
    )
    assert beside_percent(noise, made.audio, 5.0) < 10.0
