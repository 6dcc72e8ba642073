"""Series of measurements: what was appended is there, and reading on from a twin changes nothing."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from bridge.analysis.series import Series


@pytest.mark.parametrize("longest", [1, 100, 20_000])
def test_what_was_appended_comes_back_in_order(longest):
    generator = np.random.default_rng(longest)
    expected = np.arange(30_000, dtype=np.float64).reshape(2, -1)
    series = Series(2)
    while len(series) < expected.shape[1]:
        step = int(generator.integers(0, longest)) + 1
        series.append(expected[:, len(series) : len(series) + step])
    assert np.array_equal(series.values, expected)
    assert np.array_equal(series.latest(5000), expected[:, -5000:])
    assert np.array_equal(series.latest(99_999), expected)
    assert np.array_equal(series.part(4000, 9000), expected[:, 4000:9000])
    assert np.array_equal(series.part(14_000, 99_999), expected[:, 14_000:])


def test_an_empty_series_has_its_shape():
    assert Series(3, dtype=np.float32).values.shape == (3, 0)
    assert Series().values.dtype == np.float64


@pytest.mark.parametrize("used", [0, 1, 4095, 4096, 4097])
def test_a_twin_goes_on_without_the_first(used):
    series = Series()
    series.append(np.arange(used, dtype=np.float64))
    twin = copy.deepcopy(series)
    twin.append(np.full(5000, -1.0))
    assert np.array_equal(series.values, np.arange(used))
    series.append(np.array([7.0]))
    assert np.array_equal(series.values, np.append(np.arange(used), 7.0))
