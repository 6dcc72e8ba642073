"""Curves of gain over frequency, laid on a sound at once (zero phase): the tools of whoever spoils or masters a mix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Audio

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Frequencies in Hz to gains in dB."""


def shaped(audio: Audio, curve: Curve) -> Audio:
    """The sound with `curve` on every channel."""
    from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

    length = next_fast_len(audio.frames + audio.rate // 4)
    hz = rfftfreq(length, 1 / audio.rate)
    gain = 10 ** (curve(hz) / 20)
    samples = irfft(rfft(audio.samples.astype(np.float64), length) * gain, length)[:, : audio.frames]
    return Audio(samples.astype(np.float32), audio.rate)


def bell(centre_hz: float, gain_db: float, q: float) -> Curve:
    """Magnitude of an analogue peaking filter (Audio EQ Cookbook)."""
    root = 10 ** (gain_db / 40)

    def curve(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        s = hz / centre_hz
        above = (1 - s**2) ** 2 + (s * root / q) ** 2
        below = (1 - s**2) ** 2 + (s / root / q) ** 2
        return 10 * np.log10(np.maximum(above, 1e-12) / np.maximum(below, 1e-12))

    return curve


def low_pass(corner_hz: float, order: int) -> Curve:
    """Magnitude of a Butterworth low-pass, 6 dB an octave for each order."""
    return lambda hz: -10 * np.log10(1 + (hz / corner_hz) ** (2 * order))


def true_peak(samples: NDArray[np.floating]) -> float:
    """Largest magnitude at four times the rate [shape=(channels, frames)]."""
    import soxr

    return float(np.abs(soxr.resample(np.asarray(samples, np.float32).T, 1.0, 4.0, quality="HQ")).max())


def within(audio: Audio, peak: float = 0.97) -> Audio:
    """Turned down so far that no true peak stands above `peak`; a fault is planted alone, without overs beside it."""
    highest = true_peak(audio.samples)
    return audio if highest <= peak else Audio(audio.samples * np.float32(peak / highest), audio.rate)
