"""True peak by 4x oversampling (BS.1770-5 Annex 2), streaming, evaluated only where the maximum can lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.interpolation import Interpolator, interpolator
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable


class TruePeak:
    """Largest interpolated magnitude per channel.

    A segment whose samples, times the largest gain the filter can have, stay below the maximum so far cannot hold
    it and is skipped: the same figure as evaluating everything, for a small part of the work.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self._best = np.zeros(stream.channels, np.float32)
        self._history = np.zeros((stream.channels, self._filter.taps - 1), np.float32)
        self._last_peak = np.zeros((stream.channels, 1), np.float32)

    @property
    def _filter(self) -> Interpolator:
        return interpolator(4, 48)

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        joined = np.concatenate([self._history, chunk.samples], axis=1)
        peaks = np.concatenate([self._last_peak, chunk.segment_peak], axis=1)
        bounds = self._filter.gain * np.maximum(peaks[:, 1:], peaks[:, :-1])
        for channel in range(self.stream.channels):
            self._raise(channel, joined[channel], bounds[channel])
        self._best = np.maximum(self._best, chunk.segment_peak.max(axis=1))
        self._history = joined[:, -self._history.shape[1] :].copy()
        self._last_peak = peaks[:, -1:].copy()

    def _raise(self, channel: int, samples: NDArray[np.float32], bounds: NDArray[np.float32]) -> None:
        """The loudest segment first: the maximum it sets spares most of the others."""
        loudest = int(bounds.argmax())
        for chosen in (np.array([loudest]), np.arange(bounds.size)):
            chosen = chosen[bounds[chosen] > self._best[channel]]
            if chosen.size:
                found = self._filter.peaks(samples, chosen, self.stream.segment).max()
                self._best[channel] = max(self._best[channel], found)

    def _tail(self) -> NDArray[np.float32]:
        """Peaks that ring out after the last sample [shape=(channels,)]: the sound is taken to be followed by zeros."""
        segment = self.stream.segment
        padded = np.pad(self._history, ((0, 0), (0, segment)))
        return np.array([self._filter.peaks(row, np.array([0]), segment).max() for row in padded])

    def per_channel(self) -> NDArray[np.float32]:
        """[shape=(channels,)]"""
        return np.maximum(self._best, self._tail())

    def peak(self) -> float:
        """Largest of all channels. Raises Unmeasurable for no frames and for silence."""
        if not self.frames:
            raise Unmeasurable(EMPTY)
        peak = float(self.per_channel().max())
        if peak == 0.0:
            raise Unmeasurable(SILENCE)
        return peak
