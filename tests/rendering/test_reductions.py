"""What dynamics steps did to the gain stands in the result, by step, short enough to keep."""

import numpy as np
import pytest

import bridge
from bridge.audio import Audio
from bridge.effects import EFFECTS
from bridge.planning.plan import Plan, Step
from tests import signals
from tests.effects.judges import true_peak_dbtp

RATE = 48000
DYNAMICS = {
    "gate": {"threshold_db": -20},
    "compressor": {"threshold_db": -30, "ratio": 4},
    "multiband_compressor": {"ratio": 4},
    "limiter": {"ceiling_dbtp": -12},
    "loudness": {"target_lufs": -8},
    "transient_shaper": {"attack_db": 6},
}


def step(name, **parameters):
    return Step(id=f"{name}-1", effect=name, parameters=parameters)


@pytest.mark.parametrize("name", DYNAMICS)
def test_each_dynamics_step_tells_its_reduction_over_the_length_of_the_sound(name):
    music = signals.music_like(3.0)
    done = bridge.render(music, Plan(steps=(step(name, **DYNAMICS[name]),)))
    curve = done.reductions[f"{name}-1"]
    assert all(len(band) == 300 for band in curve.reduction_db) and curve.step_s == 0.01
    assert abs(curve.most_db) > 0.5 and 0 < curve.mean_db < abs(curve.most_db)


def test_the_limiter_tells_what_it_took_from_a_peak_6_db_over_its_ceiling_where_it_was():
    samples = signals.sine(997, -20, 3.0).samples.copy()
    samples[:, RATE : RATE + 480] *= 10 ** (14 / 20)
    done = bridge.render(Audio(samples, RATE), Plan(steps=(step("limiter", ceiling_dbtp=-12),)))
    curve = done.reductions["limiter-1"]
    (line,) = curve.reduction_db
    assert curve.most_db == pytest.approx(6.0, abs=0.3)
    assert 99 <= int(np.argmax(line)) <= 101 and max(line[:95]) == 0.0


def beaten(seconds: float = 2.0) -> Audio:
    """Four hits a second far over a quiet tone: what a compressor with a measured make-up lifts over full scale."""
    wave = signals.sine(220, -26, seconds).samples.copy()
    for start in range(0, wave.shape[1], RATE // 4):
        wave[:, start : start + 96] += 0.75 * np.hanning(96).astype(np.float32)
    return Audio(wave, RATE)


def test_a_limiter_that_nobody_asked_for_tells_how_much_it_took_off():
    """What it had to take is what stands over its ceiling without it, as another meter of true peaks reads that."""
    before = beaten()
    plan = bridge.plan("compress 4:1 at -40 dB, attack 30 ms", bridge.analyze(before)).plan
    assert [each.effect for each in plan.steps] == ["compressor", "limiter"]
    whole = bridge.render(before, plan.model_copy(update={"steps": plan.steps[:1]})).audio
    over_db = true_peak_dbtp(whole.samples) - plan.steps[1].parameters["ceiling_dbtp"]
    said = [text for text in bridge.render(before, plan).warnings if "nobody asked for it" in text]
    assert len(said) == 1 and over_db >= 2.0
    assert float(said[0].split("up to ")[1].split(" dB")[0]) == pytest.approx(over_db, abs=0.3)


def test_a_limiter_that_was_asked_for_is_not_explained_away():
    done = bridge.render(beaten(), bridge.plan("limit to -12 dBTP", bridge.analyze(beaten())).plan)
    assert not any("nobody asked" in text for text in done.warnings)


def test_an_equalizer_has_none_and_a_step_after_it_counts_from_the_start():
    music = signals.music_like(2.0)
    steps = (step("equalizer", bands=[{"frequency_hz": 100, "gain_db": 3}]), step("loudness", target_lufs=-9))
    done = bridge.render(music, Plan(steps=steps))
    assert set(done.reductions) == {"loudness-1"}


def test_dynamics_effects_are_those_of_the_registry_that_follow_the_level():
    named = {kind.name for kind in EFFECTS if kind.stage in ("dynamics", "ceiling", "loudness")}
    assert named <= {*DYNAMICS, "de_esser", "dynamic_equalizer"}
