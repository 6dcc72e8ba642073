"""Reducing to integers. Expected figures: Lipshitz, Wannamaker, Vanderkooy, JAES 40(5), 1992."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.files.quantizer import HOLD_FRAMES, Quantizer
from tests import signals
from tests.files.made import integers


def error_in_steps(samples: np.ndarray, bits: int, seed: int | None = 0) -> np.ndarray:
    out = Quantizer(bits, len(samples), seed).quantize(samples).T
    return out - samples.astype(np.float64) * 2 ** (bits - 1)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("level", [0.0, 0.25, 0.5, 0.9])
def test_mean_and_power_of_the_error_do_not_depend_on_where_the_sound_lies(bits, level):
    """A constant between two steps: TPDF leaves the error without a mean and with a power of 1/4 step squared."""
    samples = np.full((1, 400_000), (3 + level) / 2 ** (bits - 1), np.float32)
    samples[0, ::1000] += np.float32(0.37 / 2 ** (bits - 1))  # never on the grid for long
    error = error_in_steps(samples, bits)
    deviation = 0.5 / np.sqrt(error.size)
    assert abs(error.mean()) < 5 * deviation
    assert np.mean(error**2) == pytest.approx(0.25, rel=0.02)
    assert np.abs(error).max() <= 1.5


def test_the_dither_is_triangular():
    """Density 1-|x| on -1..1: variance 1/6, kurtosis 2.4, nothing beyond 1."""
    noise = Quantizer(16, 2)._triangular(500_000)
    assert np.abs(noise).max() < 1
    assert noise.var() == pytest.approx(1 / 6, rel=0.005)
    assert np.mean(noise**4) / noise.var() ** 2 == pytest.approx(2.4, rel=0.01)
    counts, edges = np.histogram(noise, bins=20, range=(-1, 1))
    centre = (edges[1:] + edges[:-1]) / 2
    expected = (1 - np.abs(centre)) * noise.size / 10
    assert np.sum((counts - expected) ** 2 / expected) < 45  # chi squared, 19 degrees of freedom: p < 0.001


def test_the_dither_is_white_and_its_channels_are_strangers():
    noise = Quantizer(16, 2)._triangular(200_000)
    limit = 5 / np.sqrt(len(noise))
    assert abs(np.corrcoef(noise[:, 0], noise[:, 1])[0, 1]) < limit
    for lag in (1, 2, 3, 64, 1000):
        assert abs(np.corrcoef(noise[:-lag, 0], noise[lag:, 0])[0, 1]) < limit


def test_a_tone_below_one_step_survives_as_a_tone():
    """Undithered it would be silence; the error is not correlated with it and has no harmonics."""
    tone = signals.sine(1000, -97, 4, channels=1)  # a step of 16 bit is -90.3 dBFS
    steps = 10 ** (-97 / 20) * 2**15
    assert steps < 0.5 and not Quantizer(16, 1, None).quantize(tone.samples).any()
    heard = Quantizer(16, 1).quantize(tone.samples)[:, 0]
    spectrum = np.abs(np.fft.rfft(heard)) / (len(heard) / 2)
    at = 4 * 1000  # bins of 0.25 Hz
    assert spectrum[at] == pytest.approx(steps, rel=0.05)
    floor = np.median(spectrum)
    assert all(spectrum[at * k] < 6 * floor for k in (2, 3, 4, 5, 6, 7))


def test_how_the_sound_is_cut_changes_nothing():
    samples = signals.music_like(1).samples
    samples[:, 20_000:30_000] = 0
    whole = Quantizer(16, 2, 5).quantize(samples)
    for cut in (1, 1000, 4096, 4801):
        quantizer = Quantizer(16, 2, 5)
        stop = 40 if cut == 1 else samples.shape[1]
        parts = [quantizer.quantize(samples[:, at : min(at + cut, stop)]) for at in range(0, stop, cut)]
        np.testing.assert_array_equal(np.concatenate(parts), whole[:stop])


def test_the_seed_decides():
    samples = signals.white(-40, 0.2).samples
    first, again, other = (Quantizer(16, 2, seed).quantize(samples) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.mean(first != other) > 0.3


@pytest.mark.parametrize("bits", [8, 16, 24])
def test_sound_on_the_grid_passes_untouched(bits):
    values = integers(bits, 50_000)
    samples = (values / 2 ** (bits - 1)).astype(np.float32)
    np.testing.assert_array_equal(Quantizer(bits, 2).quantize(samples).T, values)


def test_digital_silence_stays_silent_and_falls_silent_again_after_sound():
    samples = signals.white(-60, 1).samples
    samples[:, :10_000] = 0
    samples[:, 30_000:] = 0
    out = Quantizer(16, 2).quantize(samples)
    assert not out[:10_000].any()
    assert out[30_000 : 30_000 + HOLD_FRAMES - 1].any()
    assert not out[30_000 + HOLD_FRAMES - 1 :].any()


def test_processed_24_bit_sound_never_loses_its_dither():
    """Half the values of a loud float32 sound lie on a 24-bit step by chance; that must not switch it off."""
    samples = signals.white(-12, 2).samples * np.float32(0.7)
    error = error_in_steps(samples, 24)
    loud = np.abs(samples) > 0.5
    assert np.mean(error[loud] != 0) > 0.5


def test_32_bit_gets_no_dither():
    samples = signals.white(-20, 0.1).samples
    out = Quantizer(32, 2).quantize(samples).T
    np.testing.assert_array_equal(out, np.rint(samples.astype(np.float64) * 2**31))
