"""A growing row of measurements, one column a moment: amortised appends, no list of small arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_GROWTH = 4
"""Room that is not used yet costs no memory, only addresses; what was outgrown leaves holes."""


class Series:
    """Values appended along the last axis [shape=(*rows, n)]."""

    def __init__(self, *rows: int, dtype: Any = np.float64) -> None:
        self._data: NDArray[Any] = np.empty((*rows, 64), dtype)
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def __deepcopy__(self, memo: dict[int, Any]) -> Series:
        """A twin for reading on: it shares the memory, and what it appends there lasts until the first goes on."""
        twin = Series.__new__(Series)
        twin._data, twin._used = self._data, self._used
        return twin

    def append(self, values: NDArray[Any]) -> None:
        """values [shape=(*rows, k)]"""
        end = self._used + values.shape[-1]
        if end > self._data.shape[-1]:
            room = max(end, _GROWTH * self._data.shape[-1])
            grown = np.empty((*self._data.shape[:-1], room), self._data.dtype)
            grown[..., : self._used] = self._data[..., : self._used]
            self._data = grown
        self._data[..., self._used : end] = values
        self._used = end

    @property
    def values(self) -> NDArray[Any]:
        """All of it, a view [shape=(*rows, n)]."""
        return self._data[..., : self._used]
