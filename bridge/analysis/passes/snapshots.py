"""Spectra of single moments, evenly spread over the sound: what must stand throughout is looked for in these.

A long-term slice of seconds holds many notes at once, between which nothing is seen any more; a single frame of 85 ms
holds few.
"""

from __future__ import annotations

import numpy as np

from bridge.analysis.stream import Stream
from bridge.audio import Samples

MOST = 160
HIGHEST_HZ = 11000.0


class Snapshots:
    """Power of every frame; when there are too many, of every second, fourth, eighth (160 at most)."""

    def __init__(self, stream: Stream) -> None:
        self.bins = min(stream.frame // 2 + 1, int(HIGHEST_HZ * stream.frame / stream.rate) + 1)
        self._power = np.zeros((MOST, self.bins), np.float32)
        self._every = 1
        self._kept = 0
        self._seen = 0

    def add(self, squares: Samples) -> None:
        """Squares of the next frames, real and imaginary parts side by side [shape=(frames, 2·bins of all)]."""
        end = self._seen + len(squares)
        while self._kept * self._every < end:
            if self._kept == MOST:
                self._thin_out()
                continue
            parts = squares[self._kept * self._every - self._seen, : 2 * self.bins]
            self._power[self._kept] = parts[::2] + parts[1::2]
            self._kept += 1
        self._seen = end

    def _thin_out(self) -> None:
        self._power[: MOST // 2] = self._power[::2]
        self._kept //= 2
        self._every *= 2

    @property
    def values(self) -> Samples:
        """[shape=(frames kept, bins)], bins as far apart as those of the spectrum, up to 11 kHz."""
        return self._power[: self._kept]
