"""True peak by 4x oversampling (BS.1770-5 Annex 2), streaming, evaluated only where the maximum can lie; and by 16x
around the highest places, for ceilings that are promised."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.interpolation import Interpolator, Values, interpolator
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable

_HISTORY = 128
_DELAY = 64
"""Values are found 64 samples late, so that both filters see as far ahead of a place as behind it."""

_FIRST = _HISTORY - _DELAY
_REACH = _DELAY + 8
"""What is evaluated with a segment begins so many samples before the segment itself."""

_BULGE = 1.08
"""A peak between 4x values stands at most this far above them: 4x reads 0.55 dB low at 0.45 of the rate."""

_PARABOLA_OF_PEAK, _PARABOLA_OF_BEND = 0.0012, 0.0201
"""How far the parabola through three 4x values can stand over the middle one: an eighth of their second difference,
which is at most 0.0092 of the peak and 0.161 of the largest second difference of the samples (the filters of 12 taps,
summed up as in `Interpolator.overshoot`)."""

_BLOCK = 16
"""Samples that are evaluated together where one of them comes near the maximum."""

_AT_ONCE = 128
"""Blocks of one product: few enough that the BLAS does not wake its threads."""

_PLACES = 64
_CONTEXT = 40
"""Highest places kept per channel for the 16x check, with so many samples to each side."""


class TruePeak:
    """Largest interpolated magnitude per channel.

    Between samples the wave can rise over them only as far as it bends. Where samples and bends of a segment together
    stay below the maximum so far, it cannot lie there; elsewhere only the blocks with high samples are evaluated: the
    same figure as evaluating everything, for a small part of the work.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self._behind = 1 + -(-_REACH // stream.segment)
        self._history = np.zeros((stream.channels, _HISTORY), np.float32)
        self._peaks = np.zeros((stream.channels, self._behind - 1), np.float32)
        self._bends = np.zeros((stream.channels, self._behind - 1), np.float32)
        self._best = np.zeros(stream.channels, np.float32)
        self._places = [_Places() for _ in range(stream.channels)]

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        self._advance(chunk)

    def _advance(self, chunk: Chunk) -> None:
        joined = np.concatenate([self._history, chunk.samples], axis=1)
        self._best = np.maximum(self._best, chunk.segment_peak.max(axis=1))
        peaks = np.concatenate([self._peaks, chunk.segment_peak], axis=1)
        bends = np.concatenate([self._bends, self._bent(chunk)], axis=1)
        self._history = joined[:, -_HISTORY:].copy()
        self._peaks, self._bends = (kept[:, 1 - self._behind :].copy() for kept in (peaks, bends))
        peaks, bends = (_widest(kept, self._behind) for kept in (peaks, bends))
        rise = _rise(peaks, bends)
        for channel in range(self.stream.channels):
            best = self._best[channel]
            chosen = np.flatnonzero(peaks[channel] + rise[channel] > best)
            if best > 0 and chosen.size:
                over = _PARABOLA_OF_PEAK * best + _PARABOLA_OF_BEND * bends[channel].max()
                self._search(channel, joined[channel], chosen, best - rise[channel, chosen], over)

    def _bent(self, chunk: Chunk) -> Values:
        """Largest second difference of each segment with the two samples before it [shape=(channels, segments)]."""
        bent = chunk.bend_peak
        edge = np.concatenate([self._history[:, -2:], chunk.samples[:, :2]], axis=1)
        first = np.abs(np.diff(edge, 2, axis=1)).max(axis=1)
        return np.concatenate([np.maximum(bent[:, :1], first[:, None]), bent[:, 1:]], axis=1)

    def _search(
        self, channel: int, samples: Values, chosen: NDArray[np.intp], floor: Values, over: float
    ) -> None:
        """Evaluates the blocks of the chosen segments in which a sample, or the one after, reaches `floor`.

        over: how far a parabola can stand over the 4x values here.
        """
        segment = self.stream.segment
        rows = samples[_FIRST : samples.size - _DELAY].reshape(-1, segment)[chosen]
        high = np.flatnonzero(np.abs(rows) >= floor[:, None])
        at = chosen[high // segment] * segment + high % segment
        # The place between two blocks may be known by the first sample of the second only: counted from one before.
        wanted = np.zeros(samples.size // _BLOCK, np.bool_)
        wanted[at // _BLOCK + 1] = True
        wanted[(at - 1) // _BLOCK + 1] = True
        starts = _FIRST + _BLOCK * (np.flatnonzero(wanted) - 1)
        for first in range(0, starts.size, _AT_ONCE):
            self._evaluate(channel, samples, starts[first : first + _AT_ONCE], over)

    def _evaluate(self, channel: int, samples: Values, starts: NDArray[np.intp], over: float) -> None:
        """All 4x values of the blocks that begin at `starts`."""
        around = samples[starts[:, None] + np.arange(-(_four().taps // 2), _BLOCK + _four().taps // 2)]
        lines = np.abs(np.matmul(around, _lines()))
        found = lines[:, 1:-1].max(axis=1)
        best = self._best[channel] = max(self._best[channel], found.max())
        places = self._places[channel]
        reached = np.minimum(found * np.float32(_BULGE), found + np.float32(over))
        high = np.flatnonzero(reached > max(float(best), places.lowest))
        if high.size:
            places.add(samples, starts[high], lines[high], float(best))

    def _ended(self) -> TruePeak:
        """As after zeros that let the last samples through both filters; this pass itself stays as it is."""
        ended = TruePeak(self.stream)
        ended._history, ended._best = self._history, self._best.copy()
        ended._peaks, ended._bends = self._peaks, self._bends
        ended._places = [places.copy() for places in self._places]
        zeros = np.zeros((self.stream.channels, self.stream.frame), np.float32)
        ended._advance(Chunk(self.stream, zeros, self.frames, 0))
        return ended

    def held(self) -> float:
        """4x figure of what has passed the filter so far; for meters that go on."""
        return float(self._best.max())

    def per_channel(self) -> Values:
        """4x figure [shape=(channels,)]"""
        return self._ended()._best

    def peak(self) -> float:
        """4x figure, largest of all channels. Raises Unmeasurable for no frames and for silence."""
        if not self.frames:
            raise Unmeasurable(EMPTY)
        peak = float(self.per_channel().max())
        if peak == 0.0:
            raise Unmeasurable(SILENCE)
        return peak

    def strict_peak(self) -> float:
        """16x around the highest places, never below the 4x figure. Raises Unmeasurable like `peak`."""
        ended = self._ended()
        return max(
            self.peak(),
            *(places.peak(float(best)) for places, best in zip(ended._places, ended._best, strict=True)),
        )


def _four() -> Interpolator:
    return interpolator(4, 12)


@cache
def _lines() -> Values:
    return _four().line(_BLOCK)


def _widest(values: Values, count: int) -> Values:
    """Largest of each value and the count - 1 before it [shape=(channels, n - count + 1)]."""
    widest: Values = np.maximum.reduce([values[:, k : values.shape[1] - count + 1 + k] for k in range(count)])
    return widest


def _rise(peaks: Values, bends: Values) -> Values:
    """At most so far values between the samples, or parabolas through them, stand over samples of such heights."""
    by_bends = (
        np.float32(_PARABOLA_OF_PEAK) * peaks + np.float32(_four().overshoot + _PARABOLA_OF_BEND) * bends
    )
    rise: Values = np.minimum(by_bends, np.float32(_four().gain * _BULGE - 1.0) * peaks)
    return rise


class _Places:
    """The places of one channel where 4x values, carried on by a parabola, come highest; with the samples around.

    Only places whose parabola tops every 4x value can win, and the ranking is total, so which places remain at the
    end does not depend on the order or the grouping in which segments came.
    """

    def __init__(self) -> None:
        self.heights = np.zeros(0)
        self.contexts = np.zeros((0, 2 * _CONTEXT), np.float32)

    def copy(self) -> _Places:
        twin = _Places()
        twin.heights, twin.contexts = self.heights, self.contexts
        return twin

    @property
    def lowest(self) -> float:
        """What a new place must top; 0 while there is room."""
        return float(self.heights[-1]) if self.heights.size == _PLACES else 0.0

    def add(self, samples: Values, starts: NDArray[np.intp], lines: Values, best: float) -> None:
        """lines [shape=(blocks, n)]: 4x magnitudes from the one before each of `starts` on; best: highest so far."""
        heights, row, column = _summits(lines.astype(np.float64), max(best, self.lowest))
        order = np.argsort(-heights, kind="stable")[:_PLACES]
        centres = starts[row[order]] + column[order] // 4
        contexts = samples[np.clip(centres[:, None] + np.arange(-_CONTEXT, _CONTEXT), 0, samples.size - 1)]
        merged = np.concatenate([self.heights, heights[order]])
        kept = np.argsort(-merged, kind="stable")[:_PLACES]
        kept = kept[merged[kept] >= best]
        self.contexts = np.concatenate([self.contexts, contexts])[kept]
        self.heights = merged[kept]

    def peak(self, best: float) -> float:
        """Largest 16x value around the places whose parabola reaches `best`."""
        contexts = self.contexts[self.heights >= best]
        if not contexts.size:
            return 0.0
        sixteen = interpolator(16, 64)
        span = 2 * _CONTEXT - sixteen.taps
        rows = np.arange(len(contexts))
        return max(float(np.abs(sixteen.between(row, rows[:1], span)).max()) for row in contexts)


def _summits(
    lines: NDArray[np.float64], best: float
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
    """Heights of the parabolas through the local maxima inside each line that reach `best`, and their rows and
    columns, counted from the second value of a line."""
    row, column = np.nonzero(lines[:, 1:-1] * _BULGE >= best)
    left, middle, right = (lines[row, column + shift] for shift in range(3))
    bend = np.maximum(2 * middle - left - right, 1e-30)
    heights = np.minimum(middle + (left - right) ** 2 / (8 * bend), middle * _BULGE)
    kept = (middle >= left) & (middle >= right) & (heights >= best)
    return heights[kept], row[kept], column[kept]
