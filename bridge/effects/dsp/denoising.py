"""Steady noise taken out from under a sound: a Wiener gain for every bin of the short-time spectrum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.frames import Frames, Spectra
from bridge.effects.dsp.noise_profile import NoiseProfile
from bridge.effects.dsp.overlap import Overlapped

_AT_ONCE = 16
_KEPT = 0.98
"""0.95 takes 0.3 to 0.6 dB more noise by SI-SDR, and what it leaves rings: its lone peaks stand 6 dB further out."""
_LEAST_SNR = 10**-2.5

Gains = NDArray[np.float64]


class Denoising:
    """Decision-directed Wiener gain with a second step.

    A-priori SNR: 0.98 of what the frame before left of the sound, 0.02 of what stands over the noise now (Ephraim and
    Malah, IEEE Trans. ASSP 32 (1984), 1109-1121, equation 51). That comes a frame late, and softens every onset; so
    the gain it gives is used to judge this same frame anew (Plapous, Marro and Scalart, IEEE Trans. Audio Speech Lang.
    Proc. 14 (2006), 2098-2108, equations 14 and 15). Where two channels share a bin, mid and side are weighed
    instead of left and right, so that what stands in the middle stays there.
    """

    latency_frames = 0

    def __init__(self, frames: Frames, profile: NoiseProfile, amount_db: float, smoothing: float) -> None:
        """amount_db: how far down at most. smoothing: 0..1, how much gains lean on those of neighbouring bins."""
        self.warnings: tuple[str, ...] = ()
        channels = profile.power.shape[0]
        self._frames, self._smoothing = frames, smoothing
        self._shared = profile.shared
        self._floor = 10 ** (-amount_db / 20)
        # Where no noise is believed in, nothing is taken: any signal stands far over this.
        self._noise = profile.power + 1e-24
        self._left = np.zeros_like(self._noise)
        self._rest = np.zeros((channels, frames.length - frames.hop))
        self._begun = False
        reach = frames.length - frames.hop
        self._stream = Overlapped(self._work, channels, reach, _AT_ONCE * frames.hop, reach)

    def process(self, block: Samples) -> Samples:
        return self._stream.process(block)

    def flush(self) -> Samples:
        return self._stream.flush()

    def _work(self, window: Samples) -> Samples:
        """window: [shape=(channels, reach + chunk + reach)]; frames that begin before the chunk were had before."""
        reach = self._rest.shape[1]
        wave = window if not self._begun else window[:, reach:]
        spectra = self._turned(self._frames.spectra(wave))
        pieces = self._frames.waves(self._turned(spectra * self._gains(spectra)))
        added = self._added(pieces)
        if not self._begun:
            added, self._begun = added[:, reach:], True
        added[:, :reach] += self._rest
        chunk = _AT_ONCE * self._frames.hop
        self._rest = added[:, chunk:]
        return added[:, :chunk].astype(np.float32)

    def _added(self, pieces: NDArray[np.float64]) -> NDArray[np.float64]:
        hop = self._frames.hop
        out = np.zeros((pieces.shape[0], self._frames.length + hop * (pieces.shape[1] - 1)))
        for index in range(pieces.shape[1]):
            out[:, index * hop : index * hop + self._frames.length] += pieces[:, index]
        return out

    def _turned(self, spectra: Spectra) -> Spectra:
        """Left and right to mid and side in shared bins, and back: the turn is its own inverse."""
        if not self._shared.any():
            return spectra
        mid, side = spectra[0] + spectra[1], spectra[0] - spectra[1]
        turned: Spectra = np.where(self._shared, np.stack([mid, side]) / np.sqrt(2), spectra)
        return turned

    def _gains(self, spectra: Spectra) -> Gains:
        """Of each bin, frame after frame [shape=(channels, frames, bins)]."""
        over = (spectra.real**2 + spectra.imag**2) / self._noise[:, None]
        gains = np.empty_like(over)
        for index in range(over.shape[1]):
            now = over[:, index]
            expected = _KEPT * self._left + (1 - _KEPT) * np.maximum(now - 1.0, 0.0)
            first = _wiener(np.maximum(expected, _LEAST_SNR))
            self._left = first * first * now
            gains[:, index] = _wiener(self._left)
        return np.maximum(self._even(gains), self._floor)

    def _even(self, gains: Gains) -> Gains:
        """Lone bins that noise lets through sound like bells: low gains lean on the mean of five neighbours."""
        if self._smoothing <= 0:
            return gains
        padded = np.pad(gains, ((0, 0), (0, 0), (2, 2)), mode="edge")
        mean = sum(padded[:, :, step : step + gains.shape[2]] for step in range(5)) / 5
        lean = self._smoothing * (1.0 - gains)
        even: Gains = gains + lean * (mean - gains)
        return even


def _wiener(snr: Gains) -> Gains:
    gain: Gains = snr / (1.0 + snr)
    return gain
