"""Readings whose value follows from the signal by arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bridge.audio import Audio
from tests.analysis.standard_signals import measured
from tests.signals import pink, sine, white

RATE = 48000


def stereo(left: np.ndarray, right: np.ndarray, rate: int = RATE) -> Audio:
    return Audio(np.stack([left, right]).astype(np.float32), rate)


def test_sine_has_a_crest_of_3_01_db_and_rms_3_01_below_its_peak():
    analysis = measured(sine(997, -6.0, 5))
    assert analysis.number("sample_peak") == pytest.approx(-6.0, abs=0.001)
    assert analysis.number("rms") == pytest.approx(-6.0 - 10 * math.log10(2), abs=0.001)
    assert analysis.number("crest_factor") == pytest.approx(10 * math.log10(2), abs=0.001)


def test_square_has_no_crest():
    wave = np.where(np.arange(RATE) % 100 < 50, 0.5, -0.5)
    analysis = measured(stereo(wave, wave))
    assert analysis.number("crest_factor") == pytest.approx(0.0, abs=1e-6)
    assert analysis.number("rms") == pytest.approx(20 * math.log10(0.5), abs=1e-6)


def test_gaussian_noise_reads_its_rms():
    assert measured(white(-20, 10)).number("rms") == pytest.approx(-20.0, abs=0.02)


def test_dc_reads_its_share_of_full_scale_with_its_sign():
    wave = 0.2 * np.sin(2 * np.pi * 100 * np.arange(RATE) / RATE)
    assert measured(stereo(wave, wave - 0.013)).number("dc_offset") == pytest.approx(-1.3, abs=1e-5)


def test_dc_alone_is_measured():
    """A sudden start would ring in any interpolation (Gibbs), hence the fades."""
    ramp = np.minimum(1.0, np.arange(RATE) / 4800)
    analysis = measured(Audio((0.25 * ramp * ramp[::-1])[None].astype(np.float32), RATE))
    assert analysis.number("dc_offset") == pytest.approx(25.0 * 0.9, rel=1e-3)
    assert analysis.number("true_peak") == pytest.approx(20 * math.log10(0.25), abs=1e-3)
    assert analysis.number("true_peak_strict") == pytest.approx(20 * math.log10(0.25), abs=1e-3)


@pytest.mark.parametrize(("share", "expected"), [(1.0, 1.0), (0.0, 0.0), (-1.0, -1.0), (0.6, 0.6)])
def test_correlation_of_a_shared_part(share, expected):
    generator = np.random.default_rng(440)
    one, other = generator.standard_normal((2, 20 * RATE)) * 0.1
    other -= one * (one @ other) / (one @ one)
    other *= np.linalg.norm(one) / np.linalg.norm(other)
    right = share * one + math.sqrt(1 - share**2) * other
    assert measured(stereo(one, right)).number("correlation") == pytest.approx(expected, abs=1e-5)


def test_side_to_mid_of_a_panned_source():
    """Left alone at gain g: mid and side are equal, 0 dB; at R = L/2 the side lies 20 log10(1/3) below."""
    wave = white(-20, 2).samples[0]
    assert measured(stereo(wave, wave / 2)).number("side_to_mid") == pytest.approx(
        20 * math.log10(1 / 3), abs=1e-4
    )
    assert measured(stereo(wave, 0 * wave)).number("side_to_mid") == pytest.approx(0.0, abs=1e-6)


def test_centroid_of_two_equal_tones_lies_between_them():
    t = np.arange(10 * RATE) / RATE
    wave = 0.2 * np.sin(2 * np.pi * 2000 * t) + 0.2 * np.sin(2 * np.pi * 8000 * t)
    assert measured(stereo(wave, wave)).number("spectral_centroid") == pytest.approx(5000, rel=0.02)


def test_centroid_of_white_noise_lies_at_half_of_nyquist():
    assert measured(white(-20, 20)).number("spectral_centroid") == pytest.approx(RATE / 4, rel=0.01)


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_white_noise_is_flat_and_pink_noise_falls_3_db_an_octave(rate):
    assert measured(white(-20, 20, rate)).number("spectral_tilt") == pytest.approx(0.0, abs=0.1)
    assert measured(pink(-20, 20, rate)).number("spectral_tilt") == pytest.approx(
        -10 * math.log10(2), abs=0.1
    )


BANDS = {
    "band_sub": (20, 60),
    "band_low": (60, 150),
    "band_low_mid": (150, 400),
    "band_mid": (400, 2000),
    "band_high_mid": (2000, 5000),
    "band_high": (5000, 10000),
    "band_air": (10000, 20000),
}


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_bands_of_white_noise_hold_power_by_their_width(rate):
    analysis = measured(white(-20, 30, rate))
    for name, (low, high) in BANDS.items():
        expected = 10 * math.log10((high - low) / (20000 - 20))
        assert analysis.number(name) == pytest.approx(expected, abs=0.3), name


def test_bands_of_pink_noise_hold_power_by_their_octaves():
    analysis = measured(pink(-20, 60))
    for name, (low, high) in BANDS.items():
        expected = 10 * math.log10(math.log(high / low) / math.log(1000))
        assert analysis.number(name) == pytest.approx(expected, abs=0.35), name


def test_a_tone_lies_in_its_band_alone():
    analysis = measured(sine(1000, -10, 5))
    assert analysis.number("band_mid") == pytest.approx(0.0, abs=0.01)
    assert analysis.number("band_high_mid") < -60


def test_plr_is_true_peak_over_loudness():
    analysis = measured(sine(1000, -18.0, 5))
    assert analysis.number("plr") == pytest.approx(0.0, abs=0.1)
