"""What a sound reaches between its samples, frame by frame: the envelope that a true-peak limiter works from.

Method of ITU-R BS.1770-5 Annex 2 (oversample, take magnitudes). Near the Nyquist frequency the interpolation filters of
meters differ, on white noise by more than half a dB, and a ceiling should hold on all of them. So the envelope is found
coarsely everywhere, and where it comes close to the ceiling again as several kinds of meters would read it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bridge.audio import Samples

HALF_TAPS = 256
"""Frames of sound that the interpolation sees on each side."""

WORST_OVERSHOOT = 4.5
"""More than the interpolation can ever raise a sample peak by: largest sum of magnitudes of one phase's taps."""

COARSE_PHASES = 8
FINE_PHASES = 16

CLOSE = 0.8
"""Coarse values under this part of the ceiling (-1.9 dB) are left as they are."""

# Frames on each side, Kaiser beta, band edge as part of the rate.
_LONG = (
    (256, 9.0, 0.5),
    (90, 11.5, 0.478),
)  # nearly a brickwall; a resampler's steep low-pass just under Nyquist
_SHORT = (
    (32, 8.0, 0.5),
    (12, 6.0, 0.5),
    (10, 5.0, 0.5),
    (6, 5.0, 0.5),
)  # down to the 12 taps a phase of BS.1770
_SLAB = 32  # a product this small stays on one core; OpenBLAS would wake all of them and wait for the slowest


def envelope(window: Samples, ceiling: float = 0.0) -> NDArray[np.float32]:
    """Channel-linked true-peak magnitude around each frame.

    window: [shape=(channels, frames)]; the outer HALF_TAPS frames on each side are only seen, not measured.
    ceiling: amplitude near which the strict values are wanted; 0 for coarse ones everywhere.
    Returns [shape=(frames - 2 * HALF_TAPS,)]: the largest magnitude from one frame before to one frame after.
    """
    peaks = np.abs(window).max(axis=0)
    between = np.zeros_like(peaks)
    for channel in window:
        own = _coarse(channel)
        if ceiling:
            _refine(own, channel, ceiling * CLOSE)
        np.maximum(between, own, out=between)
    # between[n] is the stretch from frame n to n+1; a frame answers for the stretches on both of its sides.
    inner = slice(HALF_TAPS, -HALF_TAPS)
    linked = np.maximum(np.maximum(between[inner], between[HALF_TAPS - 1 : -HALF_TAPS - 1]), peaks[inner])
    return np.asarray(linked, np.float32)


def _coarse(channel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Largest magnitude strictly between frame n and n+1 [shape=(frames,)]; garbage within HALF_TAPS of the ends."""
    from scipy import fft

    size = fft.next_fast_len(len(channel), real=True)
    waves = fft.irfft(_advances(size) * fft.rfft(channel, size), size)
    return np.asarray(np.abs(waves).max(axis=0)[: len(channel)], np.float32)


def _refine(between: NDArray[np.float32], channel: NDArray[np.float32], above: float) -> None:
    """Raises the values that reach `above` to the highest that any of the meters reads there."""
    near = np.maximum(between, np.maximum(np.abs(channel), np.abs(np.append(channel[1:], np.float32(0)))))
    inside = near[HALF_TAPS - 1 : len(channel) - HALF_TAPS]
    places = np.flatnonzero(inside >= above)
    for taps in _meters():
        reach = len(taps) // 2
        windows = sliding_window_view(channel, 2 * reach)[HALF_TAPS - reach :]
        for start in range(0, len(places), _SLAB):
            chosen = places[start : start + _SLAB]
            read = np.abs(windows[chosen] @ taps).max(axis=1)
            at = chosen + HALF_TAPS - 1
            between[at] = np.maximum(between[at], read)


def _taps(half: int, beta: float, edge: float, phase: float) -> NDArray[np.float64]:
    """Windowed sinc that reads `phase` of a frame behind the middle one [shape=(2 * half,)], unity at DC."""
    offset = np.arange(-half + 1, half + 1) - phase
    window = np.i0(beta * np.sqrt(np.clip(1 - (offset / half) ** 2, 0, None)))
    taps = np.sinc(2 * edge * offset) * window
    return np.asarray(taps / taps.sum(), np.float64)


@lru_cache(maxsize=1)
def _meters() -> tuple[NDArray[np.float32], ...]:
    """Per group the taps of all its meters and phases [shape=(2 * reach, meters * FINE_PHASES)]."""
    return tuple(_group(group) for group in (_LONG, _SHORT))


def _group(group: tuple[tuple[int, float, float], ...]) -> NDArray[np.float32]:
    reach = max(half for half, _, _ in group)
    columns = []
    for half, beta, edge in group:
        for phase in range(FINE_PHASES):
            columns.append(np.pad(_taps(half, beta, edge, phase / FINE_PHASES), reach - half))
    return np.ascontiguousarray(np.array(columns, np.float32).T)


@lru_cache(maxsize=8)
def _advances(size: int) -> NDArray[np.complex64]:
    """Spectra of the advances by p / COARSE_PHASES of a frame, p from 1 [shape=(COARSE_PHASES - 1, size // 2 + 1)]."""
    from scipy import fft

    half = 64
    taps = np.zeros((COARSE_PHASES - 1, size))
    for row in range(COARSE_PHASES - 1):
        taps[row, -np.arange(-half + 1, half + 1) % size] = _taps(half, 9.0, 0.5, (row + 1) / COARSE_PHASES)
    return np.asarray(fft.rfft(taps), np.complex64)
