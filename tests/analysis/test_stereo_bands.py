"""Correlation, width and mono loss per band, of noises mixed so that the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import analyze, findings
from bridge.analysis.metrics import METRICS
from bridge.analysis.metrics.stereo_bands import RANGES, STEREO_BANDS
from bridge.audio import Audio
from tests.signals import pink, rng, white

WANTED = {"mono_loss", *(metric.name for metric in STEREO_BANDS)}
OTHERS = tuple(metric.name for metric in METRICS if metric.name not in WANTED)


def mixed(correlation: float, seed: int, low_hz: float = 0.0, high_hz: float = 24000.0) -> Audio:
    """Pink noise alike on both sides, but for one band of the given correlation."""
    same, other = (np.fft.rfft(pink(-20, 10, channels=1, seed=seed + k).samples[0]) for k in (0, 1))
    hz = np.fft.rfftfreq(2 * (same.size - 1), 1 / 48000)
    inside = (hz >= low_hz) & (hz < high_hz)
    right = np.where(inside, correlation * same + np.sqrt(1 - correlation**2) * other, same)
    return Audio(np.fft.irfft(np.stack([same, right])).astype(np.float32), 48000)


@pytest.mark.parametrize("correlation", [-1.0, -0.5, 0.0, 0.6])
@pytest.mark.parametrize("band", RANGES)
def test_one_band_reads_its_correlation_width_and_loss(band, correlation):
    """With equal powers side/mid = (1-c)/(1+c) and mono keeps (1+c)/2. Leakage over the edges is left some room."""
    low, high = RANGES[band]
    got = analyze(mixed(correlation, 5, low / 1.3 if low > 20 else 0.0, high * 1.3), OTHERS)
    assert got.number(f"correlation_{band}") == pytest.approx(correlation, abs=0.06)
    if correlation > -1:
        width = 10 * np.log10((1 - correlation) / (1 + correlation))
        assert got.number(f"width_{band}") == pytest.approx(width, abs=0.6)
        assert got.number(f"mono_loss_{band}") == pytest.approx(
            -10 * np.log10((1 + correlation) / 2), abs=0.4
        )
    else:
        assert got.number(f"mono_loss_{band}") > 20


def test_other_bands_stay_mono():
    got = analyze(mixed(-1.0, 8, 15, 90), OTHERS)
    for band in ("mid", "high"):
        assert got.number(f"correlation_{band}") > 0.98
        assert got.number(f"mono_loss_{band}") < 0.1


@pytest.mark.parametrize(("correlation", "loss"), [(1.0, 0.0), (0.0, 3.01), (-0.5, 6.02)])
def test_mono_loss_of_the_whole(correlation, loss):
    assert analyze(mixed(correlation, 3), OTHERS).number("mono_loss") == pytest.approx(loss, abs=0.25)


def test_an_inverted_side_is_lost_to_the_end_of_the_scale():
    noise = white(-20, 3, channels=1, seed=2).samples[0]
    assert analyze(Audio(np.stack([noise, -noise]), 48000), OTHERS).number("mono_loss") == 60.0


def test_correlation_over_time_follows_the_sound():
    generator = rng(4)
    same, other = (
        generator.standard_normal(48000 * 4).astype(np.float32) * np.float32(0.1) for _ in range(2)
    )
    right = np.concatenate([same[:96000], other[96000:144000], -same[144000:]])
    curve = analyze(Audio(np.stack([same, right]), 48000), ("tempo", "key")).curves["correlation"]
    at = [curve["correlation"][round(second / curve["step_s"])] for second in (1.0, 2.5, 3.5)]
    assert at == pytest.approx([1.0, 0.0, -1.0], abs=0.06)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_opposed_bass_is_named_and_unrelated_bass_is_not(seed):
    opposed, unrelated = (
        {f.code for f in findings(analyze(mixed(c, seed, 0, 140), ("tempo", "key")))} for c in (-1.0, 0.0)
    )
    assert "low_end_cancels" in opposed
    assert "low_end_cancels" not in unrelated
