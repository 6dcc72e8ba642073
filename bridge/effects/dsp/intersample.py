"""What a sound reaches between its samples, frame by frame: the envelope that a true-peak limiter works from.

Method of ITU-R BS.1770-5 Annex 2 (oversample, take magnitudes), but with 8 or 16 phases and a longer filter than its
4x and 12 taps a phase, because a ceiling must hold against stricter meters as well.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples

HALF_TAPS = 64
"""Frames of sound that the interpolation sees on each side."""

WORST_OVERSHOOT = 4.5
"""More than the interpolation can ever raise a sample peak by: largest sum of magnitudes of one phase's taps."""


def envelope(window: Samples, phases: int) -> NDArray[np.float32]:
    """Channel-linked true-peak magnitude around each frame.

    window: [shape=(channels, frames)]; the outer HALF_TAPS frames on each side are only seen, not measured.
    Returns [shape=(frames - 2 * HALF_TAPS,)]: the largest magnitude from one frame before to one frame after.
    """
    peaks = np.abs(window).max(axis=0)
    between = np.zeros_like(peaks)
    for channel in window:
        np.maximum(between, _between(channel, phases), out=between)
    # between[n] is the stretch from frame n to n+1; a frame answers for the stretches on both of its sides.
    inner = slice(HALF_TAPS, -HALF_TAPS)
    linked = np.maximum(np.maximum(between[inner], between[HALF_TAPS - 1 : -HALF_TAPS - 1]), peaks[inner])
    return np.asarray(linked, np.float32)


def _between(channel: NDArray[np.float32], phases: int) -> NDArray[np.float32]:
    """Largest magnitude strictly between frame n and n+1 [shape=(frames,)]; garbage within HALF_TAPS of the ends."""
    from scipy import fft

    size = fft.next_fast_len(len(channel), real=True)
    spectrum = fft.rfft(channel, size)
    waves = fft.irfft(_phases(size, phases) * spectrum, size)
    return np.asarray(np.abs(waves).max(axis=0)[: len(channel)], np.float32)


@lru_cache(maxsize=8)
def _phases(size: int, phases: int) -> NDArray[np.complex64]:
    """Spectra of the fractional advances p/phases, p = 1..phases-1 [shape=(phases - 1, size // 2 + 1)].

    Windowed sinc, Kaiser 9, of 2 * HALF_TAPS taps.
    """
    from scipy import fft

    taps = np.zeros((phases - 1, size))
    at = np.arange(-HALF_TAPS + 1, HALF_TAPS + 1)
    for row, phase in enumerate(range(1, phases)):
        offset = at - phase / phases
        edge = np.sqrt(np.clip(1 - (offset / HALF_TAPS) ** 2, 0, None))
        taps[row, -at % size] = np.sinc(offset) * np.i0(9.0 * edge) / np.i0(9.0)
    return np.asarray(fft.rfft(taps), np.complex64)
