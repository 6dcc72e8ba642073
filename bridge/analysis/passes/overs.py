"""Where the waveform rises over full scale between its samples, in stretches of 10 ms.

The true peak needs one place; a list needs all of them, and a loud master comes near full scale everywhere. So only
those of the stretches are looked at in which the wave bends sharply enough to rise over -1 dBTP between samples, and in
each the 4x filter (BS.1770-5 Annex 2) is run around one place: where two neighbours together come highest. A wave
between two samples rises where both are high on the same side; fs/4 at 45 degrees, the worst of the steady tones, has
both at 0.71 of the height between them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.interpolation import interpolator
from bridge.analysis.series import Series
from bridge.analysis.stream import Chunk, Stream

LOWEST = 10 ** (-1 / 20)
"""-1 dBTP: what lies below is over nowhere (AES TD1008, 4.2; the ceiling that streaming services ask for)."""

_SCREEN = 0.7 * LOWEST
_TAPS = 12
_LATE = 16
"""Stretches are looked at so many samples late, so that the filter sees as far ahead as behind."""

_NEIGHBOURS = np.arange(-1, 2)[:, None] + np.arange(_TAPS)
"""The filter runs between the pair itself and on either side of it."""

Values = NDArray[np.float32]


class Overs:
    """Stretches lie 16 samples early."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._between = Series(stream.channels, dtype=np.float32)
        self._history = np.zeros((stream.channels, 2 * _LATE), np.float32)
        self._last = np.zeros((stream.channels, 1), np.float32)
        self._bend = np.full((stream.channels, 1), np.inf, np.float32)

    def push(self, chunk: Chunk) -> None:
        peaks = np.concatenate([self._last, chunk.segment_peak], axis=1)
        tops = np.maximum(peaks[:, 1:], peaks[:, :-1])
        bends = np.concatenate([self._bend, chunk.bend_peak], axis=1)
        bends[:, 1] = np.inf  # what bends over the edge of the chunk is not known
        bends = np.maximum(bends[:, 1:], bends[:, :-1])
        promising = tops + np.float32(interpolator(4, _TAPS).overshoot) * bends > LOWEST
        promising &= tops > _SCREEN
        joined = np.concatenate([self._history, chunk.samples], axis=1)
        between = np.zeros(tops.shape, np.float32)
        for channel in range(self.stream.channels):
            chosen = np.flatnonzero(promising[channel])
            if chosen.size:
                between[channel, chosen] = self._highest_between(joined[channel], chosen)
        self._between.append(np.where(between > tops, between, np.float32(0)))
        self._history = joined[:, -2 * _LATE :].copy()
        self._last = peaks[:, -1:].copy()
        self._bend = chunk.bend_peak[:, -1:].copy()

    @property
    def between(self) -> Values:
        """Highest interpolated magnitude around the highest pair of neighbours of each stretch, 0 where it cannot reach
        -1 dBTP or does not stand over the samples; the last 16 samples, as if silence followed, count to the last
        stretch [shape=(channels, segments)]."""
        between = self._between.values.copy()
        silence = np.zeros((self.stream.channels, self.stream.segment), np.float32)
        ended = np.concatenate([self._history, silence], axis=1)
        for channel in np.flatnonzero(self._last[:, 0] > _SCREEN):
            highest = self._highest_between(ended[channel], np.zeros(1, np.intp))[0]
            if highest > self._last[channel, 0]:
                between[channel, -1] = max(between[channel, -1], highest)
        return between

    def _highest_between(self, samples: Values, chosen: NDArray[np.intp]) -> Values:
        """[shape=(chosen,)] Products are summed stretch by stretch, so no rounding depends on how many come at once."""
        segment = self.stream.segment
        starts = chosen * segment + _LATE
        rows = np.empty((chosen.size, segment), np.float32)
        for row, start in zip(rows, starts.tolist(), strict=True):
            np.add(samples[start + 1 : start + segment + 1], samples[start : start + segment], out=row)
        up, down = rows.argmax(axis=1), rows.argmin(axis=1)
        each = np.arange(chosen.size)
        best = np.where(rows[each, up] >= -rows[each, down], up, down)
        first = starts + best - (_TAPS // 2 - 1)
        around = samples[first[:, None, None] + _NEIGHBOURS]
        between = np.abs(
            (around[:, :, None, :] * interpolator(4, _TAPS).filters.astype(np.float32)).sum(axis=3)
        )
        highest: Values = between.max(axis=(1, 2))
        return highest

    def over(self, ceiling: float) -> NDArray[np.bool_]:
        """Stretches in which the wave stands over `ceiling` between samples, higher than any sample beside it
        [shape=(channels, segments)]."""
        found: NDArray[np.bool_] = self.between > ceiling
        return found

    def start_s(self, stretch: int) -> float:
        """When a stretch begins."""
        return max(0.0, (stretch * self.stream.segment - _LATE) / self.stream.rate)
