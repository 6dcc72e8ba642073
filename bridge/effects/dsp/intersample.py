"""What a sound reaches between its samples, frame by frame: the envelope that a true-peak limiter works from.

Method of ITU-R BS.1770-5 Annex 2 (oversample, take magnitudes), carried out only where it can matter: between two
samples a wave rises over them at most so far as it bends, so that most of a sound provably stays under a ceiling
without a look. Near the Nyquist frequency the interpolation filters of meters differ, on white noise by more than half
a dB, and a ceiling should hold on all of them: what comes close is read again as several kinds of meters would.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.compiled import maximum_filter1d

Wave = NDArray[np.float32]

HALF_TAPS = 256
"""Frames of sound that the interpolation sees on each side."""

CLOSE = 0.8
"""Values under this part of the ceiling (-1.9 dB) by one meter are under it by all."""

# Frames on each side, Kaiser beta, band edge as part of the rate.
_QUICK = (32, 8.0, 0.5)
_COARSE = (64, 9.0, 0.5)
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
_QUICK_PHASES, _COARSE_PHASES, _FINE_PHASES = 4, 8, 16

SCREENED = 16
"""Frames that are screened and interpolated together."""

_SLAB = 32  # a product this small stays on one core; OpenBLAS would wake all of them and wait for the slowest


def envelope(window: Samples, ceiling: float, strict: bool = False) -> Wave:
    """Channel-linked true-peak magnitude around each frame.

    window: [shape=(channels, frames)], frames a multiple of 16; the outer HALF_TAPS frames on each side are only seen,
    not measured. ceiling: amplitude; what lies above it is found, what lies below may be given as low as the samples
    themselves. strict: as the strictest of several meters reads it.
    Returns [shape=(frames - 2 * HALF_TAPS,)]: the largest magnitude from one frame before to one frame after.
    """
    inner = slice(HALF_TAPS, -HALF_TAPS)
    linked = np.zeros(window.shape[1] - 2 * HALF_TAPS, np.float32)
    for channel in window:
        heights = np.abs(channel)
        np.maximum(linked, heights[inner], out=linked)
        between = _between(channel, heights, ceiling, strict)
        if between is None:
            continue
        # between[n] is the stretch from frame n to n+1; a frame answers for the stretches on both of its sides.
        np.maximum(linked, between[inner], out=linked)
        np.maximum(linked, between[HALF_TAPS - 1 : -HALF_TAPS - 1], out=linked)
    return linked


def _between(channel: Wave, heights: Wave, ceiling: float, strict: bool) -> Wave | None:
    """Largest magnitude strictly between frame n and n+1, 0 where it cannot pass the ceiling; None for 0 everywhere."""
    peaks = highest_of(heights, SCREENED)
    if float(peaks.max()) * _strictest().gain <= ceiling:
        return None
    finder = _coarse() if strict else _quick()
    bound, bends = _strictest() if strict else finder, _bends(channel)
    if float(peaks.max()) + bound.bend * float(bends.max()) <= ceiling:
        return None
    # A block's last stretch ends at the first frame of the next one.
    reached = np.maximum(peaks, np.append(heights[SCREENED::SCREENED], np.float32(0)))
    possible = reached + bound.bend * _widest(bends, bound.half)
    edge = HALF_TAPS // SCREENED
    blocks = np.flatnonzero(possible[edge - 1 : -edge] > ceiling) + edge - 1
    if not blocks.size:
        return None
    between = np.zeros_like(channel)
    _interpolate(between, channel, blocks, finder)
    if strict:
        _refine(between, channel, heights, blocks, (possible - reached)[blocks], ceiling)
    return between


def highest_of(values: Wave, size: int) -> Wave:
    """Maximum of each `size` values, a power of two [shape=(len // size,)]. By maxima of neighbours over all of them
    at once, which takes a tenth of the time of numpy's own over short rows."""
    step = 1
    while step < size:
        values = np.maximum(values[:-step], values[step:])
        step *= 2
    return values[::size]


def _bends(channel: Wave) -> Wave:
    """Largest second difference of each block, those around its edges included [shape=(blocks,)]."""
    slope = np.diff(channel, append=channel[-1:])
    bend = np.empty_like(channel)
    bend[0] = 0
    np.subtract(slope[1:], slope[:-1], out=bend[1:])
    return highest_of(np.abs(bend, out=bend), SCREENED)


def _widest(blocks: Wave, half: int) -> Wave:
    """Largest of all blocks that a filter of `half` frames on each side sees from each one."""
    return np.asarray(maximum_filter1d(blocks, 2 * (half // SCREENED + 1) + 1), np.float32)


def _interpolate(between: Wave, channel: Wave, blocks: NDArray[np.intp], finder: _Finder) -> None:
    """Sets `between` in the chosen blocks."""
    into = between.reshape(-1, SCREENED)
    for start in range(0, len(blocks), _SLAB):
        chosen = blocks[start : start + _SLAB]
        seen = channel[
            (chosen * SCREENED - (finder.half - 1))[:, None] + np.arange(SCREENED + 2 * finder.half - 1)
        ]
        lines = np.abs(np.matmul(seen, finder.matrix))
        into[chosen] = np.maximum.reduce([lines[:, phase :: finder.phases] for phase in range(finder.phases)])


def _refine(
    between: Wave, channel: Wave, heights: Wave, blocks: NDArray[np.intp], rise: Wave, ceiling: float
) -> None:
    """Raises the values that come close to the ceiling to the highest that any of the meters reads there.

    rise: how far a meter can go over the samples in each of the blocks.
    """
    frames = blocks[:, None] * SCREENED + np.arange(SCREENED)
    reached = np.maximum(heights[frames], heights[frames + 1])
    near = np.maximum(between[frames], reached) >= ceiling * CLOSE
    places = frames[near & (reached + rise[:, None] > ceiling)]
    places = places[(places >= HALF_TAPS - 1) & (places < len(channel) - HALF_TAPS)]
    for taps in _meters():
        reach = len(taps) // 2
        windows = sliding_window_view(channel, 2 * reach)
        for start in range(0, len(places), _SLAB):
            chosen = places[start : start + _SLAB]
            read = np.abs(taps.T @ windows[chosen - reach + 1].T).max(axis=0)
            between[chosen] = np.maximum(between[chosen], read)


@dataclass(frozen=True)
class _Finder:
    """A filter that reads between samples, and how far it can go.

    gain: over the highest sample it sees, as a factor. bend: over the two samples on both sides, times the largest
    second difference it sees. matrix: all phases, so many between two samples, of a block of frames in one product.
    """

    half: int
    gain: float
    bend: float
    matrix: Wave
    phases: int = 0


@lru_cache(maxsize=1)
def _quick() -> _Finder:
    return _finder(_QUICK, _QUICK_PHASES)


@lru_cache(maxsize=1)
def _coarse() -> _Finder:
    return _finder(_COARSE, _COARSE_PHASES)


@lru_cache(maxsize=1)
def _strictest() -> _Finder:
    """The bounds of all meters together."""
    all_of_them = [(_COARSE, _COARSE_PHASES)] + [(kind, _FINE_PHASES) for kind in (*_LONG, *_SHORT)]
    bounds = [_bounds(kind, phases) for kind, phases in all_of_them]
    gain, bend = (max(column) for column in zip(*bounds, strict=True))
    return _Finder(max(kind[0] for kind, _ in all_of_them), gain, bend, np.zeros((0, 0), np.float32))


def _finder(kind: tuple[int, float, float], phases: int) -> _Finder:
    half = kind[0]
    matrix = np.zeros((SCREENED + 2 * half - 1, SCREENED, phases - 1), np.float32)
    for phase in range(1, phases):
        taps = _taps(*kind, phase / phases)
        for frame in range(SCREENED):
            matrix[frame : frame + 2 * half, frame, phase - 1] = taps
    return _Finder(half, *_bounds(kind, phases), matrix.reshape(len(matrix), -1), phases - 1)


def _bounds(kind: tuple[int, float, float], phases: int) -> tuple[float, float]:
    """`gain` and `bend` of a `_Finder`.

    Less the straight line between its neighbours a value is a sum over samples that vanishes for straight lines, thus
    one over second differences, with the twice summed taps as weights. (What little the taps miss at straight lines,
    at most 0.004 of their rise, only moves the place on the line.)
    """
    half = kind[0]
    offset = np.arange(-half + 1, half + 1)
    gains, bends = [], []
    for phase in np.arange(phases) / phases:
        taps = _taps(*kind, float(phase))
        gains.append(np.abs(taps).sum())
        apart = taps.copy()
        apart[half - 1 : half + 1] -= (1 - phase, phase)
        miss = float((apart * offset).sum())
        apart[half - 1 : half + 1] += (miss, -miss)
        bends.append(np.abs(np.cumsum(np.cumsum(apart))).sum())
    return float(max(gains)) * (1 + 1e-5), float(max(bends)) * (1 + 1e-5)


def _taps(half: int, beta: float, edge: float, phase: float) -> NDArray[np.float64]:
    """Windowed sinc that reads `phase` of a frame behind the middle one [shape=(2 * half,)], unity at DC."""
    offset = np.arange(-half + 1, half + 1) - phase
    window = np.i0(beta * np.sqrt(np.clip(1 - (offset / half) ** 2, 0, None)))
    taps = np.sinc(2 * edge * offset) * window
    return np.asarray(taps / taps.sum(), np.float64)


@lru_cache(maxsize=1)
def _meters() -> tuple[Wave, ...]:
    """Per group the taps of all its meters and phases [shape=(2 * reach, meters * _FINE_PHASES)]."""
    return tuple(_group(group) for group in (_LONG, _SHORT))


def _group(group: tuple[tuple[int, float, float], ...]) -> Wave:
    reach = max(half for half, _, _ in group)
    columns = []
    for half, beta, edge in group:
        for phase in range(_FINE_PHASES):
            columns.append(np.pad(_taps(half, beta, edge, phase / _FINE_PHASES), reach - half))
    return np.ascontiguousarray(np.array(columns, np.float32).T)
