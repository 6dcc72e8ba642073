"""Series of measurements: what was appended is there, and reading on from a twin changes nothing."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from bridge.analysis.series import POWER, Series


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


def test_powers_kept_in_two_bytes_come_back_within_a_hundredth_of_a_decibel():
    powers = np.geomspace(1e-37, 1e37, 20_000, dtype=np.float32).reshape(2, -1)
    series = Series(2, dtype=np.float32, kept=POWER)
    series.append(powers)
    assert series.values.dtype == np.float32
    assert np.abs(10 * np.log10(series.values.astype(np.float64) / powers)).max() < 0.01
    assert np.array_equal(series.row(1), series.values[1])
    series.append(np.zeros((2, 1), np.float32))
    assert not series.latest(1).any()


def test_an_hour_of_nothing_takes_no_memory():
    series = Series(2)
    for _ in range(90):
        series.append(np.zeros((2, 4000)))
    assert sum(block.base is None for block in series._blocks) == 1
    series.append(np.ones((2, 4096)))
    assert np.array_equal(series.values.sum(axis=1), [4096, 4096])
