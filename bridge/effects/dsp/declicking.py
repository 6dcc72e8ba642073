"""Clicks found where prediction breaks for a moment, and put right as what lies around them foretells."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.prediction import burst
from bridge.analysis.runs import runs
from bridge.audio import Samples
from bridge.effects.dsp.autoregression import filled, left_over, weights_of
from bridge.effects.dsp.overlap import Overlapped

Wave = NDArray[np.float64]

_CHUNK_S, _AROUND_S = 0.08, 0.04
_ORDER, _FILL_ORDER = 32, 48
_WIDEST_S = 0.0015
_SPLICE_S = 0.0005
_LEFT = 0.1
"""Of a break that mending may leave."""

_STILL = 16
_JOIN = 6
_EDGE = 2
_NEAR = 512
_FAINTEST = 10 ** (-60 / 20)
_REACH = 360
_SURE = 25.0
"""Times the highest rest around: no onset of music does that (12 was met once)."""

_LEAST = 0.02
"""Of the highest sample around: what is fainter drowns, and belongs to sharp waves as often as not."""


class Declicking:
    """Each channel by itself; samples outside of clicks come out as they went in.

    A prediction of order 32 is learned from 0.16 s, again without what stood out. What then stands over the median of
    its rest by `threshold` times is suspected, and judged as the click meter judges (`bridge.analysis.prediction`): a
    note that sets in goes on otherwise than before, a click does not.
    """

    latency_frames = 0

    def __init__(self, rate: int, channels: int, threshold: float) -> None:
        """threshold: times the usual rest of the prediction."""
        self._threshold = threshold
        self._splice = round(_SPLICE_S * rate)
        self._widest = max(4, round(_WIDEST_S * rate))
        self._around = max(4 * _ORDER, _NEAR, round(_AROUND_S * rate))
        self._chunk = max(_NEAR, round(_CHUNK_S * rate))
        self._ahead = np.full((channels, self._around), np.nan)
        self.mended = 0
        self._stream = Overlapped(self._work, channels, self._around, self._chunk, self._around)

    @property
    def afterwards(self) -> tuple[str, ...]:
        return () if self.mended else ("no click was found; nothing was changed.",)

    def process(self, block: Samples) -> Samples:
        return self._stream.process(block)

    def flush(self) -> Samples:
        return self._stream.flush()

    def _work(self, window: Samples) -> Samples:
        out = window[:, self._around : self._around + self._chunk].copy()
        for channel, (wave, row) in enumerate(zip(window, out, strict=True)):
            self._mend(wave.astype(np.float64), row, self._ahead[channel])
        return out

    def _mend(self, wave: Wave, row: Samples, ahead: Wave) -> None:
        """Writes into `row`, the middle of `wave`; what a click across its end wants is kept in `ahead`."""
        start, end = self._around, self._around + self._chunk
        had = np.flatnonzero(~np.isnan(ahead))
        row[had] = ahead[had]
        wave[start + had] = ahead[had]
        ahead[:] = np.nan
        for first, last in self._clicks(wave, start, end):
            self.mended += 1
            first, last = self._fill(wave, first, last)
            inside = slice(max(first, start), min(last, end))
            row[inside.start - start : inside.stop - start] = wave[inside]
            over = max(0, last - end)
            ahead[:over] = wave[end : end + over]

    def _fill(self, wave: Wave, first: int, last: int) -> tuple[int, int]:
        """Writes what is foretold into `wave`; where that leaves a break (a splice, whose two sides do not fit), half a
        millisecond more on either side. First and one past the last sample that was written."""
        before = wave[first - self._splice : last + self._splice].copy()
        height = self._height(wave, first, last)
        _put_back(wave, first, last)
        if self._height(wave, first, last) <= _LEFT * height:
            return first, last
        first, last = first - self._splice, last + self._splice
        wave[first:last] = before
        _put_back(wave, first, last)
        return first, last

    def _clicks(self, wave: Wave, start: int, end: int) -> list[tuple[int, int]]:
        """First and one past the last sample of each click that begins in the middle."""
        if np.abs(wave).max() < _FAINTEST:
            return []
        suspected = self._suspected(wave)
        if not suspected.any():
            return []
        return [
            (max(first - _EDGE, _ORDER), min(last + _EDGE, wave.size - _ORDER))
            for first, last in runs(suspected)
            if start <= first < end and last - first <= self._widest and self._is_click(wave, first, last)
        ]

    def _suspected(self, wave: Wave) -> NDArray[np.bool_]:
        """Samples at which prediction breaks, those close together joined [shape=(n,)]."""
        rest = _both_ways(wave, weights_of(wave, _ORDER))
        broken = rest > self._limit(rest)
        if not broken.any():
            return broken
        known = np.flatnonzero(~self._joined(broken))
        cleaned = np.interp(np.arange(wave.size), known, wave[known])
        rest = _both_ways(wave, weights_of(cleaned, _ORDER))
        return self._joined(rest > self._limit(rest))

    def _limit(self, rest: Wave) -> float:
        """From the median: what stands out does not move it (1.48 makes it a standard deviation)."""
        return max(_FAINTEST, self._threshold * 1.48 * float(np.median(rest)))

    def _joined(self, broken: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """What lies close together is one click."""
        at = np.flatnonzero(broken)
        joined = broken.copy()
        for one, two in pairwise(at):
            if two - one <= _JOIN:
                joined[one:two] = True
        return joined

    def _is_click(self, wave: Wave, first: int, last: int) -> bool:
        """Where sound meets digital silence it begins or ends; that is an edge, and not to be bridged."""
        before, after = wave[max(0, first - _STILL) : first].any(), wave[last : last + _STILL].any()
        return bool(before == after) and self._height(wave, first, last) > _LEAST * float(np.abs(wave).max())

    def _height(self, wave: Wave, first: int, last: int) -> float:
        low, high = max(0, first - _REACH), min(wave.size, last + _REACH)
        middle = (first + last) // 2
        before, after = max(3, middle - first + 1), max(4, last - middle + 1)
        return burst(wave[low:high], middle - low, before, after, _SURE)


def _put_back(wave: Wave, first: int, last: int) -> None:
    near = slice(max(0, first - _NEAR), min(wave.size, last + _NEAR))
    lost = np.zeros(near.stop - near.start, np.bool_)
    lost[first - near.start : last - near.start] = True
    wave[first:last] = filled(wave[near], lost, _FILL_ORDER)[lost]


def _both_ways(wave: Wave, weights: Wave) -> Wave:
    """The lesser of what prediction leaves forwards and backwards. A wrong sample spoils what is foretold of the 32
    after it, or before it: only where both fail it is itself wrong. At a splice the sample before it fails backwards
    [shape=(n,)]."""
    forwards, backwards = np.abs(left_over(wave, weights)), np.abs(left_over(wave[::-1], weights)[::-1])
    backwards[1:] = np.maximum(backwards[1:], backwards[:-1])
    return np.minimum(forwards, backwards)
