"""True peak by 4x oversampling (BS.1770-5 Annex 2), streaming, evaluated only where the maximum can lie; and by 16x
around the highest places, for ceilings that are promised."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bridge.analysis.interpolation import Interpolator, Values, interpolator
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable

_HISTORY = 128
_DELAY = 64
"""Values are found 64 samples late, so that both filters see as far ahead of a place as behind it."""

_REACH = _DELAY + 6
"""The 4x filter of a segment begins so many samples before the segment itself."""

_BULGE = 1.08
"""A peak between 4x values stands at most this far above them: 4x reads 0.55 dB low at 0.45 of the rate."""

_PLACES = 64
_CONTEXT = 40
"""Highest places kept per channel for the 16x check, with so many samples to each side."""


class TruePeak:
    """Largest interpolated magnitude per channel.

    A segment whose samples, times the largest gain the filter can have, stay below the maximum so far cannot hold
    it and is skipped: the same figure as evaluating everything, for a part of the work.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self._behind = 1 + -(-_REACH // stream.segment)
        self._history = np.zeros((stream.channels, _HISTORY), np.float32)
        self._peaks = np.zeros((stream.channels, self._behind - 1), np.float32)
        self._best = np.zeros(stream.channels, np.float32)
        self._places = [_Places() for _ in range(stream.channels)]

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        self._advance(chunk.samples, chunk.segment_peak)

    def _advance(self, samples: Values, segment_peak: Values) -> None:
        joined = np.concatenate([self._history, samples], axis=1)
        peaks = np.concatenate([self._peaks, segment_peak], axis=1)
        bounds = sliding_window_view(peaks, self._behind, axis=1).max(axis=2) * np.float32(
            _four().gain * _BULGE
        )
        for channel in range(self.stream.channels):
            self._search(channel, joined[channel], bounds[channel], segment_peak[channel])
        self._best = np.maximum(self._best, segment_peak.max(axis=1))
        self._history = joined[:, -_HISTORY:].copy()
        self._peaks = peaks[:, peaks.shape[1] - self._behind + 1 :].copy()

    def _search(self, channel: int, samples: Values, bounds: Values, tops: Values) -> None:
        """Where a new maximum is certain, its segment goes first: the height it sets spares many of the others."""
        loudest = int(tops.argmax())
        if tops[loudest] > self._best[channel]:
            self._evaluate(channel, samples, np.array([loudest]))
        self._evaluate(channel, samples, np.flatnonzero(bounds > self._best[channel]))

    def _evaluate(self, channel: int, samples: Values, chosen: NDArray[np.intp]) -> None:
        if not chosen.size:
            return
        segment, four = self.stream.segment, _four()
        first = _HISTORY - _DELAY
        between = four.between(samples[first - (four.taps // 2 - 1) :], chosen, segment)
        flat = between.reshape(chosen.size, -1)
        found = np.maximum(flat.max(axis=1), -flat.min(axis=1))
        best = self._best[channel] = max(self._best[channel], found.max())
        places = self._places[channel]
        high = np.flatnonzero(found * np.float32(_BULGE) > max(float(best), places.lowest))
        if high.size:
            starts = chosen[high] * segment + first
            places.add(samples, starts, between[high], float(best))

    def _ended(self) -> TruePeak:
        """As after zeros that let the last samples through both filters; this pass itself stays as it is."""
        ended = TruePeak(self.stream)
        ended._history, ended._peaks, ended._best = self._history, self._peaks, self._best.copy()
        ended._places = [places.copy() for places in self._places]
        segments = self._behind
        zeros = np.zeros((self.stream.channels, segments * self.stream.segment), np.float32)
        ended._advance(zeros, zeros[:, :segments])
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

    def add(self, samples: Values, starts: NDArray[np.intp], between: Values, best: float) -> None:
        """between [shape=(segments, n, 3)]: 4x values after the samples from each of `starts`; best: highest so far."""
        own = samples[starts[:, None] + np.arange(between.shape[1])]
        lines = np.abs(np.concatenate([own[:, :, None], between], axis=2).reshape(starts.size, -1))
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
    """Heights of the parabolas through the local maxima of each line that reach `best`, and their rows and columns."""
    row, column = np.nonzero(lines * _BULGE >= best)
    middle = lines[row, column]
    left = lines[row, np.maximum(column - 1, 0)]
    right = lines[row, np.minimum(column + 1, lines.shape[1] - 1)]
    bend = np.maximum(2 * middle - left - right, 1e-30)
    heights = np.minimum(middle + (left - right) ** 2 / (8 * bend), middle * _BULGE)
    kept = (middle >= left) & (middle >= right) & (heights >= best)
    return heights[kept], row[kept], column[kept]
