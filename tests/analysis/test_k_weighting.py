"""K-weighting against the standard's coefficients and scipy's plain recurrence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import sosfilt

from bridge.analysis.k_weighting import KWeighting, coefficients
from bridge.analysis.stream import Stream
from tests.signals import white

TABLE_1 = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
TABLE_2 = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)


def test_the_closed_form_gives_the_tables_of_bs_1770():
    shelf, high_pass = coefficients(48000)
    assert shelf == pytest.approx(TABLE_1, abs=1e-13)
    assert high_pass == pytest.approx(TABLE_2, abs=1e-13)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000, 96000, 192000])
def test_blockwise_products_equal_the_recurrence(rate):
    """To -180 dB: at 192 kHz the poles lie so near 1 that two ways of rounding differ by 1e-10."""
    frame = Stream(rate, 2).frame
    samples = white(-12, 12 * frame / rate, rate).samples[:, : 12 * frame]
    sos = [[b0, b1, b2, 1.0, a1, a2] for b0, b1, b2, a1, a2 in coefficients(rate)]
    expected = sosfilt(sos, samples.astype(np.float64), axis=1)
    weighting = KWeighting(rate, frame, 2)
    framed = samples.reshape(2, 12, frame)
    got = np.concatenate([weighting.weighted(framed[:, :5]), weighting.weighted(framed[:, 5:])], axis=1)
    assert np.abs(got - expected).max() < 1e-9 * np.abs(expected).max()


@pytest.mark.parametrize("rate", [8000, 44100, 192000])
@pytest.mark.parametrize("offset", [0.0, 0.5])
def test_energies_in_single_precision_are_those_of_the_recurrence(rate, offset):
    """To 1e-6 dB; beside an offset 60 dB above the sound to a thousandth."""
    frame = Stream(rate, 1).frame
    samples = white(-66 if offset else -12, 12 * frame / rate, rate).samples[:1, : 12 * frame] + np.float32(
        offset
    )
    sos = [[b0, b1, b2, 1.0, a1, a2] for b0, b1, b2, a1, a2 in coefficients(rate)]
    expected = sosfilt(sos, samples.astype(np.float64), axis=1).reshape(12, frame)[6:] ** 2
    got = KWeighting(rate, frame, 1).squared(samples.reshape(1, 12, frame)).reshape(12, frame)[6:]
    apart_db = 10 * np.log10(got.sum(axis=1, dtype=np.float64) / expected.sum(axis=1))
    assert np.abs(apart_db).max() < (1e-3 if offset else 1e-6)
