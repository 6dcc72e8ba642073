"""Spectra of single moments, evenly spread over the sound: what must stand throughout is looked for in these.

A long-term slice of seconds holds many notes at once, between which nothing is seen any more; a single frame of 85 ms
tells nothing narrower than 50 Hz from a tone. A moment of three frames (a quarter of a second) is about one note.
"""

from __future__ import annotations

import numpy as np

from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.windows import centred_hann
from bridge.audio import Samples
from bridge.compiled import rfft

MOST = 64
HIGHEST_HZ = 9500.0
_FRAMES = 3
_TOGETHER = 4
"""Moments that wait for each other, a divisor of MOST / 2: several transforms at once take less time each."""


class Snapshots:
    """Power of all channels in every moment; with more than 64, in every second, fourth, eighth."""

    def __init__(self, stream: Stream) -> None:
        length = _FRAMES * stream.frame
        self.width_hz = stream.rate / length
        self._frame = stream.frame
        self._window = centred_hann(length)
        self._moments = np.zeros((_TOGETHER, stream.channels, _FRAMES, stream.frame), np.float32)
        bins = min(length // 2 + 1, int(HIGHEST_HZ / self.width_hz) + 1)
        self._power = np.zeros((MOST, bins), np.float32)
        self._every = 1
        self._kept = 0
        self._waiting = 0

    def push(self, chunk: Chunk) -> None:
        """Whole frames; a moment that the sound's end cuts short is left out."""
        first = chunk.start // self._frame
        end = first + chunk.frames
        for moment in range(first // _FRAMES, -(-end // _FRAMES)):
            if moment % self._every == 0:
                begin, stop = max(first, moment * _FRAMES), min(end, (moment + 1) * _FRAMES)
                at = begin - moment * _FRAMES
                self._moments[self._waiting, :, at : at + stop - begin] = chunk.framed[
                    :, begin - first : stop - first
                ]
                if stop == (moment + 1) * _FRAMES:
                    self._complete()

    def _complete(self) -> None:
        """A moment is."""
        if self._kept == MOST:
            self._power[: MOST // 2] = self._power[::2]
            self._kept //= 2
            self._every *= 2
        self._waiting += 1
        if self._waiting == _TOGETHER:
            self._power[self._kept : self._kept + _TOGETHER] = self._spectra()
            self._kept += _TOGETHER
            self._waiting = 0

    def _spectra(self) -> Samples:
        """Power of the moments that wait [shape=(waiting, bins)]."""
        waves = self._moments[: self._waiting].reshape(
            self._waiting, self._moments.shape[1], self._window.size
        )
        parts = rfft(waves * self._window)[..., : self._power.shape[1]]
        power: Samples = (parts.real**2 + parts.imag**2).sum(axis=1)
        return power

    @property
    def values(self) -> Samples:
        """Bins lie `width_hz` apart [shape=(moments kept, bins)]."""
        kept = self._power[: self._kept]
        return np.concatenate([kept, self._spectra()]) if self._waiting else kept
