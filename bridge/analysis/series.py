"""A growing row of measurements, one column a moment, in blocks that are never moved: growth leaves no holes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 4096
"""Columns. Room that is not used yet costs addresses, not memory."""

POWER = np.dtype(np.uint16)
"""Keeps float32 values >= 0 in two bytes: the exponent and 8 bits of the mantissa, rounded; at most 0.2 % (0.0085 dB of
a power) off over all that float32 can say."""

_DROPPED_BITS = 15


class Series:
    """Values appended along the last axis [shape=(*rows, n)].

    dtype: of the values that are given out. kept: how they are held until then, where that takes less memory; POWER or
    a dtype of numpy. Blocks of nothing but zeros take none.
    """

    def __init__(self, *rows: int, dtype: Any = np.float64, kept: Any = None) -> None:
        self._rows, self._dtype = rows, np.dtype(dtype)
        self._kept = np.dtype(dtype if kept is None else kept)
        self._blocks: list[NDArray[Any]] = []
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def __deepcopy__(self, memo: dict[int, Any]) -> Series:
        """A twin for reading on: it shares the memory, and what it appends there lasts until the first goes on."""
        twin = Series(*self._rows, dtype=self._dtype, kept=self._kept)
        twin._blocks, twin._used = list(self._blocks), self._used
        return twin

    def append(self, values: NDArray[Any]) -> None:
        """values [shape=(*rows, k)]"""
        values = _packed(values) if self._is_packed else values
        while values.shape[-1]:
            index, at = divmod(self._used, _BLOCK)
            if index == len(self._blocks):
                self._blocks.append(np.empty((*self._rows, _BLOCK), self._kept))
            part = values[..., : _BLOCK - at]
            block = self._blocks[index]
            block[..., at : at + part.shape[-1]] = part
            if at + part.shape[-1] == _BLOCK and not block.any():
                self._blocks[index] = np.broadcast_to(self._kept.type(0), block.shape)
            self._used += part.shape[-1]
            values = values[..., part.shape[-1] :]

    @property
    def _is_packed(self) -> bool:
        return bool(self._kept == POWER != self._dtype)

    @property
    def values(self) -> NDArray[Any]:
        """All of it, a copy [shape=(*rows, n)]."""
        return self.latest(self._used)

    def row(self, index: int) -> NDArray[Any]:
        """All of one row, a copy [shape=(n,)]."""
        return self._joined(0, self._used, (index,))

    def latest(self, count: int) -> NDArray[Any]:
        """The last `count` columns, fewer where there are fewer, a copy [shape=(*rows, <=count)]."""
        return self.part(max(0, self._used - count), self._used)

    def part(self, first: int, end: int) -> NDArray[Any]:
        """Columns from `first` to before `end`, as far as there are any, a copy [shape=(*rows, <=end - first)]."""
        return self._joined(first, end, ())

    def _joined(self, first: int, end: int, row: tuple[int, ...]) -> NDArray[Any]:
        end = max(first, min(end, self._used))
        joined = np.empty((*self._rows[len(row) :], end - first), self._dtype)
        for index in range(first // _BLOCK, -(-end // _BLOCK)):
            start, stop = max(first, index * _BLOCK), min(end, (index + 1) * _BLOCK)
            part = self._blocks[index][row][..., start - index * _BLOCK : stop - index * _BLOCK]
            joined[..., start - first : stop - first] = _unpacked(part) if self._is_packed else part
        return joined


def _packed(values: NDArray[Any]) -> NDArray[np.uint16]:
    bits = np.array(values, np.float32, order="C").view(np.uint32)
    bits += 1 << (_DROPPED_BITS - 1)
    bits >>= _DROPPED_BITS
    return bits.astype(np.uint16)


def _unpacked(codes: NDArray[np.uint16]) -> NDArray[np.float32]:
    return (codes.astype(np.uint32) << np.uint32(_DROPPED_BITS)).view(np.float32)
