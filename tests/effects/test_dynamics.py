"""Compressor and gate: static curves and times against closed forms."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects import Compressor, Gate
from tests import signals
from tests.effects.streams import apply, level_db

RATE = 48000


def steps(*levels_db: float, seconds: float = 1.0, rate: int = RATE) -> Audio:
    """A direct voltage that jumps from level to level: its detector has no ripple."""
    wave = np.concatenate([np.full(round(seconds * rate), 10 ** (level / 20)) for level in levels_db])
    return Audio(wave[None].astype(np.float32), rate)


def gain_db(out, audio):
    return 20 * np.log10(np.abs(out[0] / audio.samples[0]))


@pytest.mark.parametrize("level", [-30.0, -20.0, -10.0, 0.0])
@pytest.mark.parametrize("ratio", [1.0, 2.0, 4.0, 20.0])
def test_over_the_threshold_each_db_becomes_one_part_in_ratio(level, ratio):
    tone = signals.sine(1000, level, 2.0)
    out = apply(Compressor(threshold_db=-20, ratio=ratio, knee_db=0), tone)[:, RATE:]
    expected = level - max(level + 20, 0) * (1 - 1 / ratio)
    assert level_db(out) + 3.0103 == pytest.approx(expected, abs=0.15)


@pytest.mark.parametrize("over", [-3.0, 0.0, 3.0])
def test_the_knee_bends_by_its_square(over):
    audio = steps(-20 + over)
    out = apply(Compressor(threshold_db=-20, ratio=4, knee_db=6, attack_ms=1), audio)
    assert gain_db(out, audio)[-1] == pytest.approx(-(1 - 1 / 4) * (over + 3) ** 2 / 12, abs=0.01)


@pytest.mark.parametrize("attack", [1.0, 10.0, 100.0])
@pytest.mark.parametrize("rate", [8000, 48000])
def test_after_the_attack_time_63_percent_of_the_reduction_is_there(attack, rate):
    audio = steps(-40, 0, rate=rate)
    out = apply(Compressor(threshold_db=-20, ratio=2, knee_db=0, attack_ms=attack, release_ms=2000), audio)
    reduction = gain_db(out, audio)[rate + round(attack * rate / 1000) - 1]
    assert reduction == pytest.approx(-10 * (1 - np.exp(-1)), abs=0.05)


@pytest.mark.parametrize("release", [50.0, 300.0])
def test_after_the_release_time_63_percent_of_the_reduction_is_gone(release):
    audio = steps(0, -40)
    out = apply(Compressor(threshold_db=-20, ratio=2, knee_db=0, attack_ms=0.1, release_ms=release), audio)
    reduction = gain_db(out, audio)[RATE + round(release * RATE / 1000)]
    assert reduction == pytest.approx(-10 * np.exp(-1), abs=0.1)


def test_both_channels_get_the_same_gain_so_the_image_stays():
    loud, quiet = (
        signals.sine(500, -6, 1.0, channels=1).samples,
        signals.sine(500, -30, 1.0, channels=1).samples,
    )
    audio = Audio(np.concatenate([loud, quiet]), RATE)
    out = apply(Compressor(threshold_db=-30, ratio=8), audio)
    assert level_db(out[0]) - level_db(out[1]) == pytest.approx(24.0, abs=0.01)
    assert level_db(out[1]) < level_db(quiet) - 10


def test_makeup_is_added_and_nothing_else_happens_below_the_threshold():
    tone = signals.sine(1000, -40, 1.0)
    out = apply(Compressor(threshold_db=-20, ratio=4, makeup_db=6), tone)
    assert level_db(out) - level_db(tone.samples) == pytest.approx(6.0, abs=0.001)


def test_a_compressor_adds_no_delay():
    click = Audio(np.eye(1, 4800, 1000, dtype=np.float32), RATE)
    assert np.abs(apply(Compressor(), click)[0]).argmax() == 1000


def test_peaky_sound_gets_a_compressor_and_dense_sound_none():
    from bridge.analysis.reading import Analysis

    peaky = Compressor.auto(Analysis.from_readings({"rms": -24.0, "crest_factor": 20.0}))
    assert peaky is not None and -24 < peaky.threshold_db < -4
    assert Compressor.auto(Analysis.from_readings({"rms": -12.0, "crest_factor": 9.0})) is None


@pytest.mark.parametrize("under", [0.0, 5.0, 10.0])
@pytest.mark.parametrize("ratio", [2.0, 4.0])
def test_under_the_threshold_each_db_becomes_ratio_db(under, ratio):
    tone = signals.sine(1000, -30 - under, 2.0)
    out = apply(Gate(threshold_db=-30, ratio=ratio), tone)[:, RATE:]
    assert level_db(out) - level_db(tone.samples) == pytest.approx(-under * (ratio - 1), abs=0.15)


def test_the_gate_closes_by_its_range_and_no_further():
    tone = signals.sine(1000, -70, 2.0)
    out = apply(Gate(threshold_db=-30, ratio=20, range_db=40), tone)[:, RATE:]
    assert level_db(out) - level_db(tone.samples) == pytest.approx(-40, abs=0.1)


def test_the_gate_opens_within_its_attack_time():
    audio = steps(-80, -10)
    out = apply(Gate(threshold_db=-30, attack_ms=5, release_ms=50), audio)
    opened = 10 ** (gain_db(out, audio)[RATE + round(0.005 * RATE)] / 20)
    assert opened == pytest.approx(1 - np.exp(-1), abs=0.01)


def test_the_gate_closes_by_8_7_db_in_each_release_time_after_its_hold():
    audio = steps(-10, -80)
    gain = gain_db(apply(Gate(threshold_db=-30, attack_ms=0.1, release_ms=100, range_db=80), audio), audio)
    assert np.abs(gain[RATE : RATE + round(0.024 * RATE)]).max() < 0.01
    first, second = RATE + round(0.125 * RATE), RATE + round(0.225 * RATE)
    assert gain[first] == pytest.approx(-8.686, abs=0.1)
    assert gain[second] - gain[first] == pytest.approx(-8.686, abs=0.05)


def test_a_held_bass_note_does_not_flutter_in_the_gate():
    tone = signals.sine(30, -12, 2.0)
    out = apply(Gate(threshold_db=-20, ratio=10, release_ms=5), tone)[:, RATE:]
    assert np.array_equal(out, tone.samples[:, RATE:]) or np.abs(out - tone.samples[:, RATE:]).max() < 1e-6


def test_noise_between_hits_is_gated_and_the_hits_are_kept():
    noise = signals.white(-60, 2.0).samples
    audio = noise.copy()
    audio[:, 24000:33600] += signals.sine(200, -6, 0.2).samples
    out = apply(Gate(threshold_db=-35, ratio=10, release_ms=50), Audio(audio, RATE))
    assert level_db(out[:, 72000:]) < -110
    assert level_db(out[:, 25000:33000]) == pytest.approx(level_db(audio[:, 25000:33000]), abs=0.1)
