"""The outline of a waveform for pictures: highest and lowest sample, in as many cells as a picture can use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CELLS = 1 << 14


class Outline:
    """Extremes of each segment; when there are too many, those of two, four, eight together."""

    def __init__(self) -> None:
        self.each = 1
        self._seen = 0
        self._extremes = np.full((2, _CELLS), -np.inf, np.float32)

    def add(self, highest: NDArray[np.float32], lowest: NDArray[np.float32]) -> None:
        """Extremes of the next segments [both shape=(segments,)]."""
        extremes = np.stack([highest, -lowest])
        while extremes.shape[1]:
            if self._seen == _CELLS * self.each:
                self._merge()
            taken = extremes[:, : _CELLS * self.each - self._seen]
            cells = (self._seen + np.arange(taken.shape[1])) // self.each
            for row, values in zip(self._extremes, taken, strict=True):
                np.maximum.at(row, cells, values)
            self._seen += taken.shape[1]
            extremes = extremes[:, taken.shape[1] :]

    def _merge(self) -> None:
        half = _CELLS // 2
        self._extremes[:, :half] = np.maximum(self._extremes[:, ::2], self._extremes[:, 1::2])
        self._extremes[:, half:] = -np.inf
        self.each *= 2

    @property
    def highest(self) -> NDArray[np.float32]:
        """In cells of `each` segments; the last may hold fewer [shape=(cells,)]."""
        return self._extremes[0, : -(-self._seen // self.each)]

    @property
    def lowest(self) -> NDArray[np.float32]:
        """Likewise."""
        lowest: NDArray[np.float32] = -self._extremes[1, : -(-self._seen // self.each)]
        return lowest
