"""What a dynamics processor listens to: the level of all channels together, peak or RMS, with the bass left out or not.

A detector is handed sound and gives levels; whether that is the sound that is turned down or another one is nothing
that it knows.
"""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.ballistics import OnePole
from bridge.effects.dsp.biquad import BUTTERWORTH_2, Filter, high_pass

Curve = NDArray[np.float64]
Kind = Literal["peak", "rms"]

RMS_MS = 10.0
"""Time constant of the mean: long beside the waves of a voice, short beside its syllables."""

_HIGHEST_OF_RATE = 0.4


class Detector(Protocol):
    def run(self, key: Samples) -> Curve:
        """The next block of what is listened to [shape=(channels, frames)] -> level in dBFS [shape=(frames,)]."""
        ...


def linked_level_db(block: NDArray[np.floating]) -> Curve:
    """Largest sample magnitude of all channels, in dBFS, frame by frame [shape=(frames,)]."""
    peak = np.abs(block).max(axis=0).astype(np.float64)
    return np.asarray(20.0 * np.log10(np.maximum(peak, 1e-10)), np.float64)


class Peak:
    """The sample magnitude of the loudest channel."""

    def run(self, key: NDArray[np.floating]) -> Curve:
        return linked_level_db(key)


class Rms:
    """Root of the mean square of the loudest channel over an exponential window. A sine of -3 dBFS peak reads -6."""

    def __init__(self, rate: int) -> None:
        self._mean = OnePole(RMS_MS * rate / 1000)

    def run(self, key: NDArray[np.floating]) -> Curve:
        power = np.square(key.astype(np.float64)).max(axis=0)
        return np.asarray(10.0 * np.log10(np.maximum(self._mean.run(power), 1e-20)), np.float64)


class WithoutBass:
    """Another detector behind a high-pass of 12 dB an octave: a kick drum no longer turns everything down."""

    def __init__(self, inner: Peak | Rms, above_hz: float, rate: int, channels: int) -> None:
        corner = min(above_hz, _HIGHEST_OF_RATE * rate)
        self._filter = Filter(np.array([high_pass(corner, q, rate) for q in BUTTERWORTH_2]), channels)
        self._inner = inner

    def run(self, key: Samples) -> Curve:
        return self._inner.run(self._filter.run(key))


def detector(kind: Kind, high_pass_hz: float, rate: int, channels: int) -> Detector:
    """high_pass_hz: 0 listens to everything."""
    inner = Peak() if kind == "peak" else Rms(rate)
    return WithoutBass(inner, high_pass_hz, rate, channels) if high_pass_hz > 0 else inner
