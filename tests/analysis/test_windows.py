"""Hann windows, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis.windows import HANN_POWER, centred_hann, hann

MAKERS = (hann, centred_hann)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("length", [4, 5, 512, 12288])
def test_windows_at_half_overlap_add_up_to_one(make, length):
    window = make(2 * length).astype(np.float64)
    assert window[:length] + window[length:] == pytest.approx(np.ones(length), abs=1e-7)


@pytest.mark.parametrize("make", MAKERS)
def test_noise_loses_the_power_of_sin_to_the_fourth(make):
    """The mean of sin^4 over a half turn is 3/8."""
    assert (make(4096).astype(np.float64) ** 2).mean() == pytest.approx(3 / 8, rel=1e-6)
    assert HANN_POWER == 3 / 8


def test_the_periodic_one_begins_at_nothing_and_is_whole_in_the_middle():
    assert hann(8)[[0, 2, 4, 6]] == pytest.approx([0.0, 0.5, 1.0, 0.5], abs=1e-7)


def test_the_centred_one_is_even_and_loses_no_sample():
    window = centred_hann(7)
    assert window == pytest.approx(window[::-1], abs=1e-7)
    assert window.min() > 0.0
    assert centred_hann(1) == pytest.approx([1.0])
