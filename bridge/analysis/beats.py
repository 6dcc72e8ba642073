"""Where the beats are: a grid that follows the player.

After D. Ellis, "Beat tracking by dynamic programming" (JNMR 36, 2007): of all sequences of beats, the one with the most
onset strength on its beats, less a penalty for every interval that strays from the period. Our own additions: the
period may change over time (`tempo_course`), and the search goes in blocks of half a period, which need only what lies
before them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]

_TIGHTNESS = 100.0
"""Times the squared logarithm of interval / period: one standard deviation of strength makes up for an interval that
is 10 % off. A drummer's few milliseconds pass, a 16th does not."""


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
