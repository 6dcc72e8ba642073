"""Gates over a sound that goes on: its loudness windows, laid into narrow bins by level as they come.

BS.1770 and Tech 3342 gate against the mean of all that was heard, so every new window may move the gate over old ones.
What lies in whole bins above the gate is known by its sum and its number; only the bin that the gate or a percentile
falls into is looked at value by value. So nothing is rounded to a bin: integrated loudness differs from `Loudness` by
the rounding of sums alone (below 1e-9 LU), and a reading costs about the same after a day as after a minute.
"""

from __future__ import annotations

from array import array
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.passes.loudness import (
    ABSOLUTE_GATE_LUFS,
    INTEGRATED_GATE,
    RANGE_GATE,
    Loudness,
    loudness_of,
    power_of,
    range_ranks,
)

_LOWEST = power_of(ABSOLUTE_GATE_LUFS)
_BINS_PER_DB = 100
_BINS = 300 * _BINS_PER_DB
"""To 230 LUFS; samples end at +180 dBFS."""


class GatedWindows:
    """Windows of `hops` hops (a multiple of 10), ten a second; those below -70 LUFS are not kept, others take 8 bytes.

    loudness: the pass whose hops they are made of; it may go on between two readings.
    """

    def __init__(self, loudness: Loudness, hops: int) -> None:
        self._loudness, self._hops, self._next = loudness, hops, 0
        self._values: defaultdict[int, array[float]] = defaultdict(lambda: array("d"))
        self._sums = np.zeros(_BINS)
        self._counts = np.zeros(_BINS, np.int64)

    def integrated(self) -> float | None:
        """LUFS (BS.1770-5 Annex 1); None where nothing passes the gate."""
        self._hear()
        total, count = self._from(np.nextafter(_LOWEST, np.inf))
        if not count:
            return None
        total, count = self._from(np.nextafter(total / count * INTEGRATED_GATE, np.inf))
        return float(loudness_of(np.array(total / count)))

    def range_lu(self) -> float | None:
        """Loudness range in LU (EBU Tech 3342, 3); None where nothing passes the gate."""
        self._hear()
        total, count = self._from(_LOWEST)
        if not count:
            return None
        kept = self._from(total / count * RANGE_GATE)[1]
        low, high = (self._ranked(count - kept + rank) for rank in range_ranks(kept))
        return float(10.0 * np.log10(high / low))

    def _hear(self) -> None:
        """The windows that have ended since the last time."""
        new = self._loudness.windows_from(self._hops, self._next)
        self._next += new.size
        loud = new[new >= _LOWEST]
        for place, value in zip(_bins(loud).tolist(), loud.tolist(), strict=True):
            self._values[place].append(value)
            self._sums[place] += value
            self._counts[place] += 1

    def _from(self, lowest: float) -> tuple[float, int]:
        """Sum and number of the windows of `lowest` or more."""
        place = int(_bins(np.array([max(lowest, _LOWEST)]))[0])
        own = self._in(place)
        own = own[own >= lowest]
        above = slice(place + 1, None)
        return float(self._sums[above].sum() + own.sum()), int(self._counts[above].sum() + own.size)

    def _ranked(self, rank: int) -> float:
        """The window with so many quieter ones."""
        ends = np.cumsum(self._counts)
        place = int(np.searchsorted(ends, rank, side="right"))
        within = rank - int(ends[place] - self._counts[place])
        return float(np.partition(self._in(place), within)[within])

    def _in(self, place: int) -> NDArray[np.float64]:
        """A copy: what is looked at in place could not grow."""
        return np.array(self._values.get(place, ()), np.float64)


def _bins(power: NDArray[np.float64]) -> NDArray[np.int64]:
    places = np.floor(10.0 * _BINS_PER_DB * np.log10(power / _LOWEST)).astype(np.int64)
    return np.clip(places, 0, _BINS - 1)
