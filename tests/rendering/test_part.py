"""Steps on the mid, the side, the left or the right: what they leave alone stays, and all stays in time."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.errors import BadPlan
from bridge.planning.diff import diff
from bridge.planning.intent import Intent
from bridge.planning.plan import Plan, Step
from bridge.planning.validate import plan_from_json
from bridge.rendering.render import render
from tests import signals

RATE = 48000
SEED = 20261121


def on(part: str, effect: str = "gain", **parameters) -> Plan:
    parameters = parameters or {"gain_db": -6.0}
    return Plan(steps=(Step(id="s1", effect=effect, part=part, parameters=parameters),)).with_id()


def noise(seconds: float = 1.0) -> Audio:
    return signals.white(-20, seconds, RATE, 2, seed=SEED)


def halves(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    left, right = samples.astype(np.float64)
    return (left + right) / 2, (left - right) / 2


@pytest.mark.parametrize(("part", "other"), [("mid", 1), ("side", 0)])
def test_a_gain_on_one_half_leaves_the_other(part, other):
    audio = noise()
    before, after = halves(audio.samples), halves(render(audio, on(part)).audio.samples)
    factor = 10 ** (-6 / 20)
    np.testing.assert_allclose(after[1 - other], factor * before[1 - other], atol=1e-7)
    np.testing.assert_allclose(after[other], before[other], atol=1e-7)


@pytest.mark.parametrize(("part", "other"), [("left", 1), ("right", 0)])
def test_a_step_on_one_channel_leaves_every_bit_of_the_other(part, other):
    audio = noise()
    out = render(audio, on(part, "reverb", mix=0.3, decay_s=0.8)).audio.samples[:, : audio.frames]
    assert np.array_equal(out[other], audio.samples[other])
    assert not np.array_equal(out[1 - other], audio.samples[1 - other])


@pytest.mark.parametrize("part", ["mid", "side", "left", "right"])
@pytest.mark.parametrize(
    ("effect", "parameters"),
    [
        ("equalizer", {"bands": [{"kind": "bell", "frequency_hz": 1000, "gain_db": 0.0}]}),
        ("compressor", {"threshold_db": 0.0}),
        ("gain", {"gain_db": 0.0}),
    ],
)
def test_an_effect_that_does_nothing_changes_no_bit_of_any_part(part, effect, parameters):
    audio = Audio(0.1 * noise().samples, RATE)
    assert np.array_equal(render(audio, on(part, effect, **parameters)).audio.samples, audio.samples)


def test_an_effect_with_a_delay_of_its_own_stays_in_time_with_the_other_half():
    """A reverb with no pre-delay waits for its first echo: the mid of a click must come out where it went in."""
    samples = np.zeros((2, RATE), np.float32)
    samples[0, 1000] = 0.5
    out = render(Audio(samples, RATE), on("side", "reverb", mix=0.5, pre_delay_ms=0.0)).audio.samples
    mid = halves(out)[0]
    assert np.argmax(np.abs(mid)) == 1000
    np.testing.assert_allclose(mid[: samples.shape[1]], halves(samples)[0], atol=1e-7)


def test_the_tail_of_a_part_is_kept():
    audio = noise(0.3)
    out = render(audio, on("mid", "delay", time_ms=400.0, feedback=0.0, mix=0.5)).audio.samples
    assert out.shape[1] == audio.frames + round(0.4 * RATE)
    assert np.array_equal(out[0, -4800:], out[1, -4800:])


def test_a_compressor_of_the_mid_does_not_hear_the_side():
    time = np.arange(RATE) / RATE
    side = 0.9 * np.sin(2 * np.pi * 300 * time)
    audio = Audio(np.stack([side, -side]).astype(np.float32), RATE)
    out = render(audio, on("mid", "compressor", threshold_db=-30.0, ratio=8.0)).audio.samples
    assert np.array_equal(out, audio.samples)


def test_only_a_stereo_sound_has_parts():
    for channels in (1, 6):
        with pytest.raises(BadPlan, match="works on the side of a stereo sound"):
            render(signals.white(-20, 0.2, RATE, channels), on("side"))


@pytest.mark.parametrize("effect", ["stereo_width", "limiter", "loudness", "channels"])
def test_what_belongs_to_the_whole_sound_takes_no_part(effect):
    with pytest.raises(BadPlan, match="works on all of a sound"):
        plan_from_json({"schema": 1, "steps": [{"effect": effect, "part": "side"}]})


def test_a_part_that_there_is_not_is_refused_by_name():
    with pytest.raises(BadPlan, match="part is top"):
        plan_from_json({"schema": 1, "steps": [{"effect": "gain", "part": "top"}]})


def test_a_plan_without_parts_keeps_the_id_it_had_before_there_were_any():
    """The sha256 that the plan of this content had when steps and intents had no part."""
    step = Step(id="s1", effect="gain", parameters={"gain_db": -3.0})
    plan = Plan(request="3 dB down", steps=(step,), intents=(Intent(operation="level", amount=-1.0),))
    assert plan.with_id().id == "b070abf62766352e"
    assert on("side").id != on("all").id


def test_a_diff_names_the_part():
    changes = [change.sentence() for change in diff(on("all"), on("side"))]
    assert changes == ["s1 part: all -> side"]


def test_blocks_of_any_size_give_the_same_bits_on_a_part():
    from bridge.effects import Compressor
    from bridge.rendering.part import PartOf
    from tests.effects.streams import through

    audio, effect = signals.music_like(0.7), Compressor(threshold_db=-30.0)
    whole = through(PartOf(effect.processor(RATE, 1), "side"), audio.samples)
    assert np.array_equal(
        whole, through(PartOf(effect.processor(RATE, 1), "side"), audio.samples, [1, 777, 64])
    )
