"""Where the beats are: a grid that follows the player.

After D. Ellis, "Beat tracking by dynamic programming" (JNMR 36, 2007): of all sequences of beats, the one with the most
onset strength on its beats, less a penalty for every interval that strays from the period. Our own additions: the
period may change over time (the best path through autocorrelations of short stretches), and the search goes in blocks
of half a period, which need only what lies before them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]

_TIGHTNESS = 100.0
"""Times the squared logarithm of interval / period: one standard deviation of strength makes up for an interval that
is 10 % off. A drummer's few milliseconds pass, a 16th does not."""

_STRETCH_S = 8.0
_EVERY_S = 1.0
_WIDEST = 1.5
"""How far the tempo may go from the whole's, up and down."""

_GRID = 80
_STIFFNESS = 40.0
"""Cost of a change of tempo from one second to the next, per squared octave, in heights of autocorrelation."""


def beats_of(envelope: Row, period: Row) -> NDArray[np.int64]:
    """Steps at which beats lie, in order.

    envelope: onset strength, mean 0, deviation 1; period: in steps, at each step. Both [shape=(steps,)].
    """
    score = _gaussian(envelope)
    reach = int(2 * period.max()) + 1
    # Before the first step lie zeros: a beat there gains nothing, and is none.
    best, before = np.zeros(reach + score.size), np.full(score.size, -1)
    earlier = np.lib.stride_tricks.sliding_window_view(best, reach)
    start, steps = 0, -1.0
    while start < score.size:
        if steps != period[start]:
            steps = float(period[start])
            far, near = int(2 * steps), max(1, int(np.ceil(steps / 2)))
            cost = _TIGHTNESS * np.log(np.arange(far, near - 1, -1) / steps) ** 2
        end = min(score.size, start + max(1, int(steps / 2)))
        gains = earlier[start:end, reach - far : reach - near + 1] - cost
        chosen = gains.argmax(axis=1)
        gained = gains[np.arange(end - start), chosen]
        best[reach + start : reach + end] = score[start:end] + np.maximum(gained, 0.0)
        before[start:end] = np.where(gained > 0, np.arange(start, end) - far + chosen, -1)
        start = end
    best = best[reach:]
    return _walked(best, before, float(period[-1]))


def _gaussian(envelope: Row) -> Row:
    """Onsets a little off the beat still count."""
    smooth: Row = np.convolve(envelope, (0.25, 0.7, 1.0, 0.7, 0.25), "same")
    deviation = smooth.std()
    return smooth / deviation if deviation > 0 else smooth


def _walked(best: Row, before: NDArray[np.int64], period: float) -> NDArray[np.int64]:
    """Back from the best beat of the last period to the first."""
    tail = max(0, best.size - int(period) - 1)
    at = tail + int(best[tail:].argmax())
    path = []
    while at >= 0:
        path.append(at)
        at = int(before[at])
    return np.array(path[::-1], np.int64)


def local_periods(envelope: Row, period: float, steps_per_s: float) -> Row:
    """The period at each step of a piece whose tempo changes, in steps: near `period`, and smooth."""
    length, every = round(_STRETCH_S * steps_per_s), round(_EVERY_S * steps_per_s)
    padded = np.concatenate([np.zeros(length // 2), envelope, np.zeros(length // 2)])
    stretches = np.lib.stride_tricks.sliding_window_view(padded, length)[::every] * np.hanning(length)
    periods = period * np.geomspace(1 / _WIDEST, _WIDEST, _GRID)
    path = _smoothest(_heights(stretches, periods), np.log2(periods))
    centres = np.arange(path.size) * every
    local: Row = np.interp(np.arange(envelope.size), centres, periods[path])
    return local


def _heights(stretches: Row, periods: Row) -> Row:
    """Autocorrelation of each stretch at once, twice and four times each period [shape=(stretches, periods)]."""
    length = stretches.shape[1]
    spectra = np.fft.rfft(stretches, 2 * length)
    correlation = np.fft.irfft(spectra.real**2 + spectra.imag**2)[:, :length]
    correlation = correlation / np.maximum(correlation[:, :1], 1e-12)
    total = np.zeros((stretches.shape[0], periods.size))
    for multiple in (1, 2, 4):
        at = np.clip(multiple * periods, 0, length - 2)
        low = at.astype(int)
        part = at - low
        total += correlation[:, low] * (1 - part) + correlation[:, low + 1] * part
    return total


def _smoothest(heights: Row, octaves: Row) -> NDArray[np.int64]:
    """The path through columns with the most height and the least change (A. Viterbi, 1967)."""
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
