"""A waveshaper without aliases: the curve is applied to the oversampled sound."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.overlap import Overlapped

HALF_TAPS = 64
"""Frames of the anti-alias filter on each side."""

_WINDOW = 8192
_WORKING_RATE = 352_800
_BAND_EDGE = 0.468  # of the rate, -6 dB; the Kaiser window makes it -100 dB at 0.5


def oversampling(rate: int) -> int:
    """Factor at which the curve works: at least 352.8 kHz, at least 2x."""
    factor = 2
    while rate * factor < _WORKING_RATE and factor < 16:
        factor *= 2
    return factor


def drive_makeup(drive: float) -> float:
    """Gain after tanh(drive · x) that keeps a sine of -12 dBFS peak as loud as it was."""
    sine = 0.25 * np.sin(2 * np.pi * (np.arange(256) + 0.5) / 256)
    return float(np.sqrt(np.mean(sine**2) / np.mean(np.tanh(drive * sine) ** 2)))


class Saturator(Overlapped):
    """y = (1 - mix) x + mix · makeup · tanh(drive · x), channel by channel.

    Only what the curve adds goes through the anti-alias filters; the linear part keeps its full band.
    """

    def __init__(self, rate: int, channels: int, drive: float, mix: float) -> None:
        margin = 2 * HALF_TAPS
        super().__init__(self._shape, channels, margin, _WINDOW - 2 * margin, margin)
        self._factor = oversampling(rate)
        self._drive = np.float32(drive)
        self._linear = np.float32(1.0 - mix + mix * drive_makeup(drive) * drive)
        self._added = np.float32(mix * drive_makeup(drive))
        self._inner = slice(margin, -margin)

    def _shape(self, window: Samples) -> Samples:
        inner = window[:, self._inner]
        if not window.any():
            return inner
        added = np.stack([self._bend(channel)[self._inner] for channel in window])
        return np.asarray(inner * self._linear + self._added * added, np.float32)

    def _bend(self, channel: NDArray[np.float32]) -> NDArray[np.float32]:
        """tanh(drive · x) - drive · x, band-limited [shape=(frames,)]."""
        from scipy import fft

        frames, factor = len(channel), self._factor
        band = _band(frames, factor)
        fine = fft.irfft(fft.rfft(channel) * (band * np.float32(factor)), frames * factor)
        fine *= self._drive
        bent = fft.rfft(np.tanh(fine) - fine)[: len(band)] * (band / np.float32(factor))
        return np.asarray(fft.irfft(bent, frames), np.float32)


@lru_cache(maxsize=4)
def _band(frames: int, factor: int) -> NDArray[np.float32]:
    """Magnitude of the linear-phase anti-alias filter over the bins of a window [shape=(frames // 2 + 1,)]."""
    at = np.arange(-HALF_TAPS * factor, HALF_TAPS * factor + 1) / factor
    taps = 2 * _BAND_EDGE * np.sinc(2 * _BAND_EDGE * at) * np.kaiser(len(at), 10.0) / factor
    circular = np.zeros(frames * factor)
    circular[np.arange(-HALF_TAPS * factor, HALF_TAPS * factor + 1)] = taps / taps.sum()
    return np.asarray(np.fft.rfft(circular).real[: frames // 2 + 1], np.float32)
