"""Half the rate: what is kept is kept, what would fall back is weak, and cuts leave no trace."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis.halving import Halving
from tests.signals import sine, white

RATE = 48000


def level_db(hz: float) -> float:
    halved = Halving().push(sine(hz, 0.0, 0.5, RATE, 1).samples[0])[100:]
    return float(20 * np.log10(np.sqrt(2 * np.mean(np.square(halved)))))


@pytest.mark.parametrize(("hz", "most_db"), [(100.0, 0.01), (2000.0, 0.05), (4000.0, 0.15)])
def test_low_tones_stay_as_loud(hz, most_db):
    assert level_db(hz) == pytest.approx(0.0, abs=most_db)


@pytest.mark.parametrize(("hz", "most_db"), [(18000.0, -24.0), (20000.0, -36.0), (22000.0, -60.0)])
def test_what_would_fall_back_onto_music_is_weak(hz, most_db):
    assert level_db(hz) < most_db


def test_any_cuts_into_even_parts_give_the_same_bits():
    sound = white(-20, 1, RATE, 1).samples[0]
    halving = Halving()
    parts = [halving.push(part) for part in np.split(sound, [2, 100, 4098, 30000])]
    assert np.array_equal(np.concatenate(parts), Halving().push(sound))
