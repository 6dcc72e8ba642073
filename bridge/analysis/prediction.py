"""Linear prediction around one moment: whether the wave does something there that neither side announces.

A click of any shape (a wrong sample, three of them, a jump where something was cut out) is one short burst in what
linear prediction leaves of a wave, while the same prediction holds before and after it (S. Godsill and P. Rayner,
"Digital Audio Restoration", Springer 1998, ch. 5). A note that sets in leaves a burst too, but what follows it is new.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ORDER = 32
_BEFORE, _AFTER = 3, 4
"""Samples on either side of the moment that may belong to the burst of a click as most are."""

_STANDS_OUT = 6.0
_NEWER, _OLDER = 1.8, 10.0
"""What prediction from one side alone may leave of the other, against what it leaves of its own: new notes leave 2 to
1000 times as much; a splice within a decaying sound leaves more of what was louder, before it."""

Wave = NDArray[np.float64]


def burst(
    wave: Wave, at: int, before: int = _BEFORE, after: int = _AFTER, sure: float = float("inf")
) -> float:
    """Height of the burst around sample `at`, in the wave's own unit; 0 where there is none.

    wave [shape=(samples,)], with four times 32 samples at least on either side of `at`. before, after: how many
    samples on either side may belong to the burst. sure: times the highest rest from which on a burst is one though
    the wave goes on otherwise.
    """
    order = min(_ORDER, at // 4)
    if order < 4:
        return 0.0
    past = np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(wave, order)[:-1])
    now, place = wave[order:], at - order
    first = _Side(past[: place - before], now[: place - before])
    second = _Side(past[place + order + after + 1 :], now[place + order + after + 1 :])
    here = slice(place - before + 1, place + after + 1)
    both = _learned(first, second)
    height = float(np.abs(now[here] - past[here] @ both).max())
    rest = max(float(np.abs(side.left(both)).max()) for side in (first, second))
    if height <= _STANDS_OUT * rest:
        return 0.0
    if height > sure * rest:
        return height
    goes_on = _stays(first, second, _NEWER, height) and _stays(second, first, _OLDER, height)
    return height if goes_on else 0.0


class _Side:
    """What lies on one side of the moment: each sample, and those before it [shapes=(rows,) and (rows, order)]."""

    def __init__(self, past: Wave, now: Wave) -> None:
        self.past, self.now = past, now
        self.power, self.product = past.T @ past, past.T @ now

    def left(self, weights: Wave) -> Wave:
        """What prediction leaves [shape=(rows,)]."""
        rest: Wave = self.now - self.past @ weights
        return rest


def _learned(*sides: _Side) -> Wave:
    """Weights by least squares over the sides (covariance method), so that what lies between them does not count."""
    power = np.sum([side.power for side in sides], axis=0)
    power[np.diag_indices_from(power)] += 1e-6 * power[0, 0] + 1e-20
    weights: Wave = np.linalg.solve(power, np.sum([side.product for side in sides], axis=0))
    return weights


def _stays(known: _Side, other: _Side, most: float, height: float) -> bool:
    """Whether what is learned from the `known` side holds for the other, up to `most` times the error."""
    weights = _learned(known)
    own, others = (float(np.sqrt(np.mean(side.left(weights) ** 2))) for side in (known, other))
    return others <= most * (own + 1e-4 * height)
