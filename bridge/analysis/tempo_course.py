"""How the tempo goes on in a piece that is not steady: the period of each moment.

Own definition: autocorrelations of short stretches, and of all paths through their periods the one with the most
height and the least change (A. Viterbi, "Error bounds for convolutional codes", 1967, which found such paths first).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]

_STRETCH_S = 8.0
_EVERY_S = 1.0

_GRID = 160
"""Periods that are tried, 1.6 % apart: a tenth of what the beats may stray."""

_STIFFNESS = 40.0
"""Cost of a change of tempo from one second to the next, per squared octave, in heights of autocorrelation."""


@dataclass(frozen=True)
class Course:
    """periods: in steps, at each step [shape=(steps,)]. height: mean autocorrelation of onsets along them, 0..1.
    spread: slowest tempo by fastest, less one, without the extreme tenths."""

    periods: Row
    height: float
    spread: float


def course_of(envelope: Row, accented: Row, steps_per_s: float, shortest: float, longest: float) -> Course:
    """envelope, accented: strength of all onsets and of accents, mean 0 [shape=(steps,)]; shortest, longest: periods
    to look at, in steps. The middle of them is preferred."""
    periods = np.geomspace(shortest, longest, _GRID)
    octaves = np.log2(periods)
    heard = _heights(envelope, periods, steps_per_s)
    fit = heard + _heights(accented, periods, steps_per_s)
    middle = np.exp(-0.5 * ((octaves - octaves.mean()) / 1.1) ** 2)
    path = _smoothest(3.0 * np.maximum(fit, 0.0) * middle, octaves)
    local = periods[path]
    low, high = np.percentile(local, (10, 90))
    height = float(heard[np.arange(path.size), path].mean())
    at = np.arange(path.size) * round(_EVERY_S * steps_per_s)
    return Course(np.interp(np.arange(envelope.size), at, local), height, float(high / low - 1))


def _heights(envelope: Row, periods: Row, steps_per_s: float) -> Row:
    """Mean autocorrelation of each stretch at once, twice and four times each period [shape=(stretches, periods)]."""
    length, every = round(_STRETCH_S * steps_per_s), round(_EVERY_S * steps_per_s)
    padded = np.concatenate([np.zeros(length // 2), envelope, np.zeros(length // 2)])
    stretches = np.lib.stride_tricks.sliding_window_view(padded, length)[::every] * np.hanning(length)
    spectra = np.fft.rfft(stretches, 2 * length)
    correlation = np.fft.irfft(spectra.real**2 + spectra.imag**2)[:, :length]
    correlation = correlation / np.maximum(correlation[:, :1], 1e-12)
    total = np.zeros((stretches.shape[0], periods.size))
    for multiple in (1, 2, 4):
        at = np.clip(multiple * periods, 0, length - 2)
        low = at.astype(int)
        part = at - low
        total += correlation[:, low] * (1 - part) + correlation[:, low + 1] * part
    return total / 3.0


def _smoothest(heights: Row, octaves: Row) -> NDArray[np.int64]:
    """The path through columns with the most height and the least change."""
    cost = _STIFFNESS * (octaves[:, None] - octaves) ** 2
    best, before = heights[0], np.zeros(heights.shape, np.int64)
    for index in range(1, heights.shape[0]):
        reached = best - cost
        before[index] = reached.argmax(axis=1)
        best = heights[index] + reached.max(axis=1)
    path = [int(best.argmax())]
    for index in range(heights.shape[0] - 1, 0, -1):
        path.append(int(before[index][path[-1]]))
    return np.array(path[::-1])
