"""A stream moved in time by a part of a frame and more."""

from __future__ import annotations

import math

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.shift import Shift

_HALF_TAPS = 64
_KAISER_BETA = 9.0
"""Half-length and window of the interpolator: passband flat within 0.01 dB up to 0.45 of the rate, images below
-90 dB (J. O. Smith, "Physical Audio Signal Processing", bandlimited interpolation)."""


class Moved:
    """`frames` later (negative: earlier), any fraction of one; whole frames are moved to the bit.

    What is moved earlier than the start is lost; what is moved later than the end is a tail. The renderer takes
    `latency_frames` off the start, which is how a sound gets earlier.
    """

    def __init__(self, frames: float, channels: int) -> None:
        whole = round(frames)
        fraction = frames - whole
        self._taps = _taps(fraction) if abs(fraction) > 1e-6 else None
        self._channels = channels
        self.latency_frames = max(0, -whole) + (_HALF_TAPS if self._taps is not None else 0)
        self._later = Shift(max(0, whole), channels)
        self._history: Samples = np.zeros((channels, 2 * _HALF_TAPS), np.float32)

    def process(self, block: Samples) -> Samples:
        late = self._later.run(block)
        return self._filtered(late) if self._taps is not None else late

    def flush(self) -> Samples:
        """As many frames as the renderer takes off the start."""
        return self.process(np.zeros((self._channels, self.latency_frames), np.float32))

    def _filtered(self, block: Samples) -> Samples:
        """Each frame is the same sum of products however the stream is cut."""
        assert self._taps is not None
        joined = np.concatenate([self._history, block], axis=1)
        self._history = joined[:, joined.shape[1] - 2 * _HALF_TAPS :]
        out = np.zeros(block.shape, np.float64)
        for index, tap in enumerate(self._taps):
            out += tap * joined[:, index : index + block.shape[1]]
        return out.astype(np.float32)


def _taps(fraction: float) -> list[float]:
    """Oldest frame first; the delay is _HALF_TAPS + fraction frames."""
    at = np.arange(2 * _HALF_TAPS + 1) - _HALF_TAPS
    distance = at[::-1] - fraction
    window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(0, 1 - (distance / (_HALF_TAPS + 1)) ** 2)))
    taps = np.sinc(distance) * window / np.i0(_KAISER_BETA)
    return [float(tap) for tap in taps / math.fsum(taps)]
