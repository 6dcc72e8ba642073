"""Clicks: wrong samples and splices, in each channel.

Every segment of about 10 ms is screened by its sharpest bend, so that clean sound costs next to nothing: a click bends
the wave more sharply than anything for 10 ms before and after it. What remains is judged by linear prediction.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.prediction import burst
from bridge.analysis.series import Series
from bridge.analysis.stream import Chunk, Stream

LEAST = 0.1
"""Of the sound's peak: smaller jumps are the ends of notes, and drown in the music."""

_FAINTEST = 1e-3
_SHARPER, _ALONE = 1.2, 1.7
"""The bend at a click over those in the segments beside it, and over those within 4 ms."""

_NEAREST = 4
_MOST = 3
"""So many a group of frames are judged, the sharpest ones: what crackles throughout does so after ten seconds too."""

Values = NDArray[np.float32]


class Clicks:
    """heights: size of the burst in each segment, 0 where there is none [shape=(channels, segments)].

    Segments are judged one later than they come, since what follows counts: column n stands for segment n - 1.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.heights = Series(stream.channels, dtype=np.float32)
        self._near = stream.segment * 2 // 5
        self._history = np.zeros((stream.channels, 3 * stream.segment), np.float32)
        self._bends = np.full((stream.channels, 2), np.inf, np.float32)
        self._loudest = np.float32(_FAINTEST)

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        segment = self.stream.segment
        edge = np.concatenate([self._history, chunk.samples[:, : 3 * segment]], axis=1)
        bends = np.concatenate([self._bends, chunk.bend_peak], axis=1)
        over_edge = _bends(edge[:, 3 * segment - 2 : 3 * segment + 2]).max(axis=1)
        bends[:, 2] = np.maximum(bends[:, 2], over_edge)
        self._loudest = max(self._loudest, chunk.segment_peak.max())
        beside = np.maximum(bends[:, :-2], bends[:, 2:])
        sharp = (bends[:, 1:-1] > _SHARPER * beside) & (bends[:, 1:-1] > LEAST * self._loudest)
        heights = np.zeros(sharp.shape, np.float32)
        self._judge(edge, sharp[:, :2], heights[:, :2], 2)
        self._judge(chunk.samples, sharp[:, 2:], heights[:, 2:], 1)
        self.heights.append(heights)
        self._history = chunk.samples[:, -3 * segment :].copy()
        self._bends = bends[:, -2:].copy()

    def _judge(self, wave: Values, sharp: NDArray[np.bool_], heights: Values, first: int) -> None:
        """Sets the heights of the sharp segments; the n-th of them begins n + `first` segments into `wave`."""
        segment, near, reach = self.stream.segment, self._near, self.stream.segment * 3 // 4
        channel, index = np.nonzero(sharp)
        if not index.size:
            return
        starts = (index + first) * segment
        pieces = _pieces(wave, channel, starts - 2, segment + 2)
        at = starts + _bends(pieces).argmax(axis=1)
        around = _bends(_pieces(wave, channel, at - near - 2, 2 * near + 3))
        top = around[:, near].copy()
        around[:, near - _NEAREST : near + _NEAREST + 1] = 0
        alone = top / np.maximum(around.max(axis=1), np.float32(1e-9))
        for n in np.argsort(-alone, kind="stable")[:_MOST]:
            if alone[n] > _ALONE:
                piece = wave[channel[n], at[n] - reach : at[n] + reach].astype(np.float64)
                heights[channel[n], index[n]] = burst(piece, reach - 1)

    def places(self, loudest: float) -> NDArray[np.intp]:
        """Segments with a burst of a tenth of `loudest` or more; the first and the last are never among them."""
        whole = self.frames // self.stream.segment
        found: NDArray[np.bool_] = np.any(self.heights.values[:, 2:whole] >= LEAST * loudest, axis=0)
        return np.flatnonzero(found) + 1


def _pieces(wave: Values, channel: NDArray[np.intp], starts: NDArray[np.intp], length: int) -> Values:
    """What begins at each of `starts` [shape=(starts, length)]; for a handful, a loop is the quickest."""
    pieces = np.empty((starts.size, length), np.float32)
    for piece, row, start in zip(pieces, channel.tolist(), starts.tolist(), strict=True):
        piece[:] = wave[row, start : start + length]
    return pieces


def _bends(waves: Values) -> Values:
    """Magnitudes of the second differences along rows; np.diff takes longer [shapes=(rows, n) -> (rows, n - 2)]."""
    slopes = waves[:, 1:] - waves[:, :-1]
    bends: Values = slopes[:, 1:] - slopes[:, :-1]
    return np.abs(bends, out=bends)
