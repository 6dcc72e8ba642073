"""Overlapping frames of a sound and their spectra, as every effect that works on a short-time spectrum cuts them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Spectra = NDArray[np.complex128]
Wave = NDArray[np.floating]

_SECONDS = 2048 / 48000


class Frames:
    """length: 43 ms, a power of two. hop: a quarter of it. bins: of one spectrum. power: that a bin of white noise has
    whose samples have a power of 1.

    The window is the square root of Hann's before and after, whose squares add up to 2 over four frames.
    """

    def __init__(self, rate: int) -> None:
        self.length = max(64, 1 << round(np.log2(_SECONDS * rate)))
        self.hop = self.length // 4
        self.bins = self.length // 2 + 1
        turn = 2 * np.pi * np.arange(self.length) / self.length
        self._window = np.sqrt(0.5 - 0.5 * np.cos(turn))
        # Blackman's window for measuring: a loud tone must not leak where noise is looked for; of the same power.
        clean = 0.42 - 0.5 * np.cos(turn) + 0.08 * np.cos(2 * turn)
        self._clean = clean * np.sqrt(np.sum(self._window**2) / np.sum(clean**2))
        self.power = float(np.sum(self._window**2))

    def spectra(self, wave: Wave) -> Spectra:
        """[shape=(channels, samples) -> (channels, frames, bins)]"""
        return self._turned(wave, self._window)

    def powers(self, wave: Wave) -> NDArray[np.float64]:
        """Power of each bin, for measuring [shape=(channels, samples) -> (channels, frames, bins)]."""
        spectra = self._turned(wave, self._clean)
        power: NDArray[np.float64] = spectra.real**2 + spectra.imag**2
        return power

    def _turned(self, wave: Wave, window: NDArray[np.float64]) -> Spectra:
        cut = np.lib.stride_tricks.sliding_window_view(wave, self.length, axis=1)[:, :: self.hop]
        return np.asarray(np.fft.rfft(cut * window, axis=2), np.complex128)

    def waves(self, spectra: Spectra) -> NDArray[np.float64]:
        """Frames back as sound, windowed and ready to be added up
        [shape=(channels, frames, bins) -> (channels, frames, length)]."""
        return np.asarray(np.fft.irfft(spectra, self.length, axis=2) * (self._window / 2), np.float64)


def components(wave: Wave) -> NDArray[np.float64]:
    """Left, right, mid and side of two channels, mid and side at equal power [shapes=(2, n) -> (4, n)]."""
    left, right = wave.astype(np.float64)
    mid, side = (left + right) / np.sqrt(2), (left - right) / np.sqrt(2)
    return np.stack([left, right, mid, side])
