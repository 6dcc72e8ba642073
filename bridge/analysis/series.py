"""A growing row of measurements, one column a moment, in blocks that are never moved: growth leaves no holes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 4096
"""Columns. Room that is not used yet costs addresses, not memory."""


class Series:
    """Values appended along the last axis [shape=(*rows, n)]."""

    def __init__(self, *rows: int, dtype: Any = np.float64) -> None:
        self._rows, self._dtype = rows, np.dtype(dtype)
        self._blocks: list[NDArray[Any]] = []
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def __deepcopy__(self, memo: dict[int, Any]) -> Series:
        """A twin for reading on: it shares the memory, and what it appends there lasts until the first goes on."""
        twin = Series(*self._rows, dtype=self._dtype)
        twin._blocks, twin._used = list(self._blocks), self._used
        return twin

    def append(self, values: NDArray[Any]) -> None:
        """values [shape=(*rows, k)]"""
        while values.shape[-1]:
            index, at = divmod(self._used, _BLOCK)
            if index == len(self._blocks):
                self._blocks.append(np.empty((*self._rows, _BLOCK), self._dtype))
            part = values[..., : _BLOCK - at]
            self._blocks[index][..., at : at + part.shape[-1]] = part
            self._used += part.shape[-1]
            values = values[..., part.shape[-1] :]

    @property
    def values(self) -> NDArray[Any]:
        """All of it [shape=(*rows, n)]; a copy where it is long."""
        return self.latest(self._used)

    def latest(self, count: int) -> NDArray[Any]:
        """The last `count` columns, fewer where there are fewer [shape=(*rows, <=count)]."""
        return self.part(max(0, self._used - count), self._used)

    def part(self, first: int, end: int) -> NDArray[Any]:
        """Columns from `first` to before `end`, as far as there are any [shape=(*rows, <=end - first)]."""
        end = min(end, self._used)
        if first >= end:
            return np.empty((*self._rows, 0), self._dtype)
        index = first // _BLOCK
        blocks = self._blocks[index : (end - 1) // _BLOCK + 1]
        joined = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=-1)
        return joined[..., first - index * _BLOCK : end - index * _BLOCK]
