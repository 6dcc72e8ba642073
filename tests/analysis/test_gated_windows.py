"""Integrated loudness and range of a sound that goes on are those of the same sound as a file."""

from __future__ import annotations

import time

import numpy as np
import pytest

from bridge.analysis.gated_windows import GatedWindows
from bridge.analysis.passes.loudness import Loudness
from bridge.analysis.stream import Stream
from bridge.analysis.unmeasurable import Unmeasurable
from tests.signals import rng

HOP = 480


def heard(energies: np.ndarray) -> Loudness:
    """A pass that has heard these energies of 10 ms [shape=(hops,)]."""
    loudness = Loudness(Stream(48000, 2))
    grow(loudness, energies)
    return loudness


def grow(loudness: Loudness, energies: np.ndarray) -> None:
    loudness.energies.append(energies.astype(np.float32))
    loudness.frames += HOP * energies.size
    loudness._heard = True


def minutes(seed: int, seconds: float, spread_db: float) -> np.ndarray:
    """Levels that wander by `spread_db` around -23 LUFS, with rests."""
    generator = rng(seed)
    level_db = -23 + spread_db * np.repeat(generator.standard_normal(-(-int(seconds) // 2)), 200)
    rests = np.repeat(generator.uniform(size=level_db.size // 200) < 0.1, 200)
    return HOP * 10 ** ((level_db + generator.standard_normal(level_db.size) - 80 * rests) / 10)


@pytest.mark.parametrize("seed", range(8))
def test_in_any_pieces_it_reads_as_the_whole(seed):
    energies = minutes(seed, 120, (2.0, 8.0, 15.0, 40.0)[seed % 4])
    loudness = Loudness(Stream(48000, 2))
    momentary, short_term = GatedWindows(loudness, 40), GatedWindows(loudness, 300)
    at = 0
    while at < energies.size:
        step = int(rng(seed + at).integers(1, 700))
        grow(loudness, energies[at : at + step])
        at += step
        momentary.integrated()
        if at > 400:
            assert short_term.range_lu() == pytest.approx(loudness.range_lu(), abs=1e-9)
    assert momentary.integrated() == pytest.approx(loudness.integrated(), abs=1e-9)


def test_a_level_that_never_changes_has_no_range():
    windows = GatedWindows(heard(np.full(6000, HOP * 10 ** ((-23 + 0.691) / 10))), 300)
    assert windows.range_lu() == pytest.approx(0.0, abs=1e-6)


def test_the_integrated_loudness_of_a_steady_level_is_that_level():
    windows = GatedWindows(heard(np.full(6000, HOP * 10 ** ((-23 + 0.691) / 10))), 40)
    assert windows.integrated() == pytest.approx(-23.0, abs=1e-6)


@pytest.mark.parametrize("hops", [0, 39, 40])
def test_what_is_too_short_or_too_quiet_has_no_reading(hops):
    loudness = heard(np.full(hops, HOP * 1e-9))
    assert GatedWindows(loudness, 40).integrated() is None
    assert GatedWindows(loudness, 300).range_lu() is None
    with pytest.raises(Unmeasurable):
        loudness.integrated()


def test_after_eight_hours_a_reading_costs_a_tenth_of_looking_back():
    """Both in the same run, on the same hops."""
    loudness = heard(minutes(3, 8 * 3600, 8.0))
    windows = GatedWindows(loudness, 300)
    windows.range_lu()
    grow(loudness, minutes(4, 2, 8.0))
    begun = time.thread_time()
    running = windows.range_lu()
    between = time.thread_time()
    whole = loudness.range_lu()
    assert running == pytest.approx(whole, abs=1e-9)
    assert between - begun < 0.1 * (time.thread_time() - between)
