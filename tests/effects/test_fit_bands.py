"""Bands fitted to a curve, judged by their impulse responses through scipy's own filter."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import sosfreqz

from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ
from bridge.effects.dsp.fit_bands import bands_db, fit_bands
from bridge.effects.equalizer import Band, sections
from tests import signals

HZ = np.array(THIRD_OCTAVES_HZ)


def made_db(bands, hz=HZ, rate=48000):
    """By scipy's sosfreqz, which shares no code with the fit."""
    if not bands:
        return np.zeros(hz.size)
    rows = np.array([row for band in bands for row in sections(band, rate)])
    _, response = sosfreqz(rows, worN=hz, fs=rate)
    return 20 * np.log10(np.abs(response))


def test_a_flat_wish_wants_no_band():
    assert fit_bands(HZ, np.full(HZ.size, 0.2), 48000) == ()
    assert fit_bands(HZ, np.full(HZ.size, np.nan), 48000) == ()


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_the_curve_of_one_bell_is_met_by_one_bell(rate):
    (band,) = fit_bands(HZ, made_db([Band(frequency_hz=820.0, gain_db=-4.0, q=1.4)], rate=rate), rate)
    assert band.frequency_hz == pytest.approx(820, rel=0.02)
    assert band.gain_db == pytest.approx(-4.0, abs=0.1) and band.q == pytest.approx(1.4, rel=0.05)


def test_four_planted_bands_are_met_within_half_a_db_everywhere():
    generator = signals.rng(7)
    for _ in range(6):
        planted = [
            Band(
                frequency_hz=float(hz),
                gain_db=float(generator.uniform(-4, 4)),
                q=float(generator.uniform(0.6, 2)),
            )
            for hz in 2.0 ** generator.uniform(np.log2(60), np.log2(10000), 4)
        ]
        wanted = np.clip(made_db(planted), -6, 6)
        found = fit_bands(HZ, wanted, 48000)
        assert np.abs(made_db(found) - wanted).mean() <= 0.3


def test_a_slope_over_the_whole_range_needs_few_bands():
    wanted = -0.9 * np.log2(HZ / 1000.0)
    found = fit_bands(HZ, wanted, 48000, most=8)
    assert len(found) <= 8
    assert np.abs(made_db(found) - np.clip(wanted, -6, 6)).mean() <= 0.15 * np.abs(wanted).mean()


@pytest.mark.parametrize("most", [1, 3, 12])
def test_neither_number_nor_gain_of_bands_passes_what_is_allowed(most):
    wanted = 20 * np.sin(np.arange(HZ.size))
    found = fit_bands(HZ, wanted, 44100, most=most, limit_db=5.0)
    assert 1 <= len(found) <= most and all(abs(band.gain_db) <= 5.0 for band in found)


def test_at_a_low_rate_bands_stay_where_the_rate_holds_them():
    wanted = np.where(HZ > 2500, 6.0, 0.0)
    assert all(band.frequency_hz <= 3600 for band in fit_bands(HZ, wanted, 8000))


def test_the_sum_of_bands_reads_as_scipy_reads_it():
    bands = (Band(frequency_hz=100, gain_db=6), Band(kind="high_shelf", frequency_hz=5000, gain_db=-3))
    assert bands_db(bands, HZ, 48000) == pytest.approx(made_db(bands), abs=1e-9)


def test_neighbouring_third_octaves_far_apart_are_followed_by_twelve_bands():
    """As two songs lie apart: single third octaves stand out by up to 9 dB beside a gentle slope."""
    generator = signals.rng(31)
    for _ in range(4):
        wanted = np.cumsum(generator.normal(0, 1.0, HZ.size))
        wanted[generator.choice(HZ.size, 4, replace=False)] += generator.uniform(5, 9, 4)
        wanted -= np.median(wanted)
        found = fit_bands(HZ, wanted, 44100, most=12, limit_db=12.0)
        assert len(found) <= 12
        assert np.abs(made_db(found, rate=44100) - np.clip(wanted, -12, 12)).mean() <= 0.3


def test_bands_that_are_handed_in_are_moved_and_not_replaced():
    before = [Band(frequency_hz=200.0, gain_db=5.0, q=2.0), Band(frequency_hz=3000.0, gain_db=-4.0, q=1.0)]
    wanted = made_db([before[0].model_copy(update={"gain_db": 3.0}), before[1]])
    low, high = fit_bands(HZ, wanted, 48000, start=before)
    assert low.gain_db == pytest.approx(3.0, abs=0.1) and low.frequency_hz == pytest.approx(200, rel=0.02)
    assert high.gain_db == pytest.approx(-4.0, abs=0.1) and high.frequency_hz == pytest.approx(3000, rel=0.02)
