"""What many bells and shelves do to third octaves, all at once: the curves that a search for bands goes over.

Closed forms of the Audio EQ Cookbook's bells and shelves on the unit circle, real and without a filter being made;
`biquad.response_db` of the same bands says the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bridge.effects.equalizer import HIGHEST_OF_RATE, Kind

FloatArray = NDArray[np.float64]
Kinds = NDArray[np.int64]

KINDS: tuple[Kind, ...] = ("bell", "low_shelf", "high_shelf")
"""By the number that stands for each here."""

_STEP = 1e-4


class BandShapes:
    """Bands as numbers, kinds [shape=(bands,)] and [shape=(bands, 3)]: log of the frequency in Hz, dB, log of Q."""

    def __init__(self, hz: FloatArray, rate: int, across: Sequence[float] = (0.0,)) -> None:
        """hz: centres [shape=(points,)]. across: places over which a point is the mean of, in thirds of an octave from
        its centre."""
        places = np.concatenate([hz * 10 ** (step / 10) for step in across])
        turn = 2 * np.pi * places / rate
        self._cos, self._sin2 = np.cos(turn), np.sin(turn) ** 2
        self._shape = (len(across), len(hz))
        self._rate = rate

    def db(self, kinds: Kinds, numbers: FloatArray) -> FloatArray:
        """What each band does by itself at each point [shape=(bands, points)]."""
        middle = 2 * np.pi * np.minimum(np.exp(numbers[:, :1]), HIGHEST_OF_RATE * self._rate) / self._rate
        cos, alpha = np.cos(middle), np.sin(middle) / (2 * np.exp(numbers[:, 2:]))
        a = 10 ** (numbers[:, 1:2] / 40)
        bells = kinds == 0
        ratio = np.empty((len(kinds), self._cos.size))
        ratio[bells] = self._bells(cos[bells], alpha[bells], a[bells])
        # A high shelf is a low one looked at from the other end of the circle.
        side = np.where(kinds == 1, 1.0, -1.0)[:, None]
        ratio[~bells] = self._shelves(side[~bells], cos[~bells], alpha[~bells], a[~bells])
        means: FloatArray = (10 * np.log10(ratio)).reshape(len(kinds), *self._shape).mean(axis=1)
        return means

    def _bells(self, cos: FloatArray, alpha: FloatArray, a: FloatArray) -> FloatArray:
        far, wide = (self._cos - cos) ** 2, alpha**2 * self._sin2
        ratio: FloatArray = (far + wide * a**2) / (far + wide / a**2)
        return ratio

    def _shelves(self, side: FloatArray, cos: FloatArray, alpha: FloatArray, a: FloatArray) -> FloatArray:
        here, there = side * self._cos, side * cos
        wide = 4 * a * alpha**2 * self._sin2
        above = ((a + 1) - (a - 1) * there) * here + (a - 1) - (a + 1) * there
        below = ((a + 1) + (a - 1) * there) * here - (a - 1) - (a + 1) * there
        ratio: FloatArray = a**2 * (above**2 + wide) / (below**2 + wide)
        return ratio

    def slopes(self, kinds: Kinds, numbers: FloatArray, base: FloatArray) -> FloatArray:
        """dB by which each point rises with each number; base: `db` there [shape=(3 x bands, points)]."""
        moved = np.repeat(numbers, 3, axis=0)
        moved[np.arange(len(moved)), np.arange(len(moved)) % 3] += _STEP
        rises: FloatArray = (self.db(np.repeat(kinds, 3), moved) - np.repeat(base, 3, axis=0)) / _STEP
        return rises
