"""K-weighted energy every 10 ms, and the windows and gates of BS.1770-5 and EBU Tech 3341/3342 on top of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.k_weighting import KWeighting
from bridge.analysis.series import Series
from bridge.analysis.stream import HOPS_PER_S, Chunk, Stream
from bridge.analysis.unmeasurable import SILENCE, Unmeasurable, needs_seconds
from bridge.audio import Samples
from bridge.units import power_from_db

Row = NDArray[np.float64]

OFFSET_LU = -0.691
"""So that a 997 Hz sine at 0 dBFS in one front channel reads -3.01 LKFS (BS.1770-5 Annex 1)."""

ABSOLUTE_GATE_LUFS = -70.0
INTEGRATED_GATE, RANGE_GATE = 0.1, 0.01
"""Relative gates, as powers: 10 LU (BS.1770-5 Annex 1) and 20 LU (Tech 3342) below the mean over the absolute one."""

LOWEST_RATE = 4000
"""Below it the head filter's corner at 1682 Hz comes too near half the rate to have its shape."""

_SURROUND = 1.41
WEIGHTS: dict[int, tuple[float, ...]] = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, _SURROUND, _SURROUND),
    5: (1.0, 1.0, 1.0, _SURROUND, _SURROUND),
    6: (1.0, 1.0, 1.0, 0.0, _SURROUND, _SURROUND),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, _SURROUND, _SURROUND),
}
"""By channel count: mono; L R; L R C; L R Ls Rs; L R C Ls Rs; L R C LFE Ls Rs (BS.1770-5 Annex 1, Table 3);
L R C LFE, back pair, side pair (Annex 3, Table 4: 1.41 between 60 and 120 degrees, else 1)."""


_AT_ONCE = 1 << 15
"""Windows that are looked through together: those of an hour, every 10 ms, would take 15 MB."""


def loudness_of(power: Row) -> Row:
    """LUFS of weighted mean squares; -inf for 0, inside this room only."""
    with np.errstate(divide="ignore"):
        return OFFSET_LU + 10.0 * np.log10(power)


def power_of(lufs: float) -> float:
    """Weighted mean square of a loudness in LUFS."""
    return power_from_db(lufs - OFFSET_LU)


def gated(blocks: Row) -> float:
    """LUFS of mean squares of 400 ms blocks behind both gates (BS.1770-5 Annex 1: -70 LKFS and -10 LU).

    Raises Unmeasurable where nothing passes the first.
    """
    loud = blocks[blocks > power_of(ABSOLUTE_GATE_LUFS)]
    if not loud.size:
        raise Unmeasurable("nothing above the gate of -70 LUFS")
    return float(loudness_of(loud[loud > loud.mean() * INTEGRATED_GATE].mean()))


def range_ranks(count: int) -> tuple[int, int]:
    """Which of `count` values in order are the 10th and the 95th percentile (Tech 3342); halves up, as the standard's
    own program rounds."""
    return int((count - 1) * 0.10 + 0.5), int((count - 1) * 0.95 + 0.5)


def _sliding(values: Row, terms: int, apart: int) -> Row:
    """Sums of `terms` values, `apart` from each other. Added up anew for each place: a running sum, or differences of
    a cumulated one, would leave the rounding of loud passages behind in silence."""
    total = np.zeros(values.size - (terms - 1) * apart)
    for term in range(terms):
        total += values[term * apart : term * apart + total.size]
    return total


class Loudness:
    """energies: K-weighted, channel-weighted sum of squares of each whole 10 ms hop, kept to 3e-8 of each."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.energies = Series(kept=np.float32)
        self._weights = np.array(WEIGHTS.get(stream.channels, ())).reshape(-1, 1)
        if stream.rate < LOWEST_RATE:
            self._weights = np.zeros((0, 1))
        self._filter = KWeighting(stream.rate, stream.frame, stream.channels)
        self._open = 0.0
        self._heard = False

    def push(self, chunk: Chunk) -> None:
        if self._weights.size:
            self._add(chunk.start, chunk.valid, self._filter.squared(chunk.framed))
        self.frames += chunk.valid

    def _add(self, start: int, valid: int, squared: Samples) -> None:
        """Sums over hops. Cut at frame edges too, so that rounding does not depend on the size of the chunk."""
        rate, frame = self.stream.rate, self.stream.frame
        end = start + valid
        first = self._hop_of(start)
        last = self._hop_of(end)
        hop_edges = self.stream.hop_edges(first, last)
        marks = np.zeros(valid, np.bool_)
        marks[::frame] = True
        marks[hop_edges[(hop_edges > start) & (hop_edges < end)] - start] = True
        cuts = np.flatnonzero(marks)
        pieces = np.add.reduceat(squared[:, :valid], cuts, axis=1)
        weighted = (self._weights * pieces).sum(axis=0)
        hop = ((cuts + (start + 1)) * HOPS_PER_S - 1) // rate - first
        energies = np.bincount(np.append(0, hop), np.append(self._open, weighted), last - first + 1)
        whole = energies[: last - first].astype(np.float32)
        self.energies.append(whole)
        self._heard |= bool(whole.any())
        self._open = float(energies[last - first])

    def _hop_of(self, sample: int) -> int:
        """Index of the hop that holds `sample`: the largest k with floor(k·rate/100) <= sample."""
        return ((sample + 1) * HOPS_PER_S - 1) // self.stream.rate

    def windows(self, hops: int, step: int) -> Row:
        """Mean square in windows of `hops` hops (a multiple of 10), every 1 or 10 hops; Unmeasurable if too short."""
        self._require(hops)
        if step == 10:
            total = _sliding(self._tens(), hops // 10, 1)
        else:
            total = _sliding(_sliding(self.energies.values, 10, 1), hops // 10, 10)
        total /= self._lengths(hops, np.arange(total.size) * step)
        return total

    def windows_from(self, hops: int, first: int) -> Row:
        """The windows of `windows(hops, 10)` from the one numbered `first` on, as far as they have ended; none for a
        sound without loudness."""
        tens = self.energies.part(10 * first, len(self.energies) // 10 * 10).reshape(-1, 10).sum(axis=1)
        if tens.size < hops // 10 or not self._weights.size:
            return np.zeros(0)
        total = _sliding(tens, hops // 10, 1)
        return total / self._lengths(hops, (first + np.arange(total.size)) * 10)

    def _tens(self) -> Row:
        """Sums of ten hops each, taken part by part [shape=(hops // 10,)]."""
        count = len(self.energies) // 10 * 10
        step = 10 * (_AT_ONCE // 10)
        parts = [self.energies.part(at, min(at + step, count)) for at in range(0, count, step)]
        return np.concatenate([part.reshape(-1, 10).sum(axis=1) for part in parts])

    def _require(self, hops: int) -> None:
        if not self._weights.size:
            raise Unmeasurable(self._why_not())
        needs_seconds(self.frames / self.stream.rate, hops / HOPS_PER_S)
        if len(self.energies) < hops:
            raise Unmeasurable(f"shorter than {hops / HOPS_PER_S:g} s")
        if not self._heard:
            raise Unmeasurable(SILENCE)

    def _lengths(self, hops: int, starts: NDArray[np.int64]) -> NDArray[np.int64] | int:
        """Samples in the windows that begin at hops `starts`; one number where 10 ms are a whole number of them."""
        rate = self.stream.rate
        if rate % HOPS_PER_S == 0:
            return hops * (rate // HOPS_PER_S)
        lengths: NDArray[np.int64] = (starts + hops) * rate // HOPS_PER_S - starts * rate // HOPS_PER_S
        return lengths

    def latest(self, hops: int) -> float:
        """Mean square of the last `hops` hops. Raises Unmeasurable as long as there are fewer."""
        if not self._weights.size:
            raise Unmeasurable(self._why_not())
        heard = len(self.energies)
        if heard < hops:
            raise Unmeasurable(f"shorter than {hops / HOPS_PER_S:g} s")
        first, last = (self.stream.hop_edges(k, k)[0] for k in (heard - hops, heard))
        return float(self.energies.latest(hops).sum() / (last - first))

    def highest(self, hops: int, since: int) -> float:
        """Largest mean square of the windows of `hops` hops (a multiple of 10) that end after hop `since`, every 10 ms;
        0 where there is none yet. The same bits as the largest of `windows`, without looking back over everything."""
        starts = range(max(0, since - hops + 1), max(0, len(self.energies) - hops + 1), _AT_ONCE)
        return max((self._highest(hops, start) for start in starts), default=0.0)

    def _highest(self, hops: int, first: int) -> float:
        """Largest mean square of the windows that begin at the hops from `first` on, as many as are taken at once."""
        energies = self.energies.part(first, first + _AT_ONCE + hops - 1)
        total = _sliding(_sliding(energies, 10, 1), hops // 10, 10)
        return float((total / self._lengths(hops, first + np.arange(total.size))).max())

    def loudest(self, hops: int) -> float:
        """Largest mean square in windows of `hops` hops, every 10 ms. Raises Unmeasurable like `momentary`."""
        self._require(hops)
        return self.highest(hops, 0)

    def _why_not(self) -> str:
        if self.stream.rate < LOWEST_RATE:
            return f"a rate of {self.stream.rate} Hz is below {LOWEST_RATE} Hz"
        return f"no loudness weights are defined for {self.stream.channels} channels"

    def momentary(self, step: int = 1) -> Row:
        """Mean squares in 400 ms windows, every `step` · 10 ms (Tech 3341, 2.2)."""
        return self.windows(40, step)

    def short_term(self, step: int = 1) -> Row:
        """Mean squares in 3 s windows, every `step` · 10 ms (Tech 3341, 2.2)."""
        return self.windows(300, step)

    def integrated(self) -> float:
        """LUFS, gated (BS.1770-5 Annex 1: 400 ms blocks, 75 % overlap, -70 LKFS and -10 LU gates)."""
        return gated(self.momentary(step=10))

    def range_lu(self, per_s: int = 10) -> float:
        """Loudness range in LU (EBU Tech 3342, 3): 10th to 95th percentile of gated short-term loudness.

        per_s: windows a second, 10 or 1. Ten is what v4 (2023) asks for at least; libebur128 takes one, which earlier
        editions allowed, and reads up to 0.8 LU apart where the loudness jumps.
        """
        values = self.short_term(step=10)[:: 10 // per_s]
        loud = values[values >= power_of(ABSOLUTE_GATE_LUFS)]
        if not loud.size:
            raise Unmeasurable("nothing above the gate of -70 LUFS")
        kept = np.sort(loud[loud >= loud.mean() * RANGE_GATE])
        low, high = kept[list(range_ranks(kept.size))]
        return float(10.0 * np.log10(high / low))
