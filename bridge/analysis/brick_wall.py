"""The upper end of a spectrum: where content stops, and whether it stops like a wall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.unmeasurable import Unmeasurable

_GROUP_HZ = 100.0
"""The spectrum is looked at in groups so wide, each by its median: single lines are no content that could stop."""

_BELOW_HZ = 1500.0
"""So far below the edge there must be content throughout: a tone or a chord that ends is no wall."""

_EXCEPTIONS = 2
_FALL_HZ = 500.0
_FAINT = 1e-8
"""Without a wall, content ends where everything above lies 80 dB below the strongest group."""


@dataclass(frozen=True)
class UpperEnd:
    """edge_hz: where content stops. drop_db: by how much it falls there within 500 Hz, for good."""

    edge_hz: float
    drop_db: float


def upper_end(power: NDArray[np.float64], bin_hz: float, wall_db: float) -> UpperEnd:
    """power: long-term spectrum [shape=(bins,)], bins `bin_hz` apart. wall_db: a fall that counts as a wall.

    Raises Unmeasurable where the spectrum is too narrow to tell.
    """
    per = max(1, round(_GROUP_HZ / bin_hz))
    groups = power[: power.size // per * per].reshape(-1, per)
    step_hz = per * bin_hz
    below, fall = round(_BELOW_HZ / step_hz), round(_FALL_HZ / step_hz)
    if len(groups) < below + fall + 3 or not power.max() > 0.0:
        raise Unmeasurable("the rate is too low")
    level = 10.0 * np.log10(np.median(groups, axis=1) + 1e-16 * power.max())
    at, drop = _steepest(level, below, fall)
    if drop < wall_db:
        heard = np.flatnonzero(groups.mean(axis=1) > _FAINT * groups.mean(axis=1).max())
        return UpperEnd((int(heard[-1]) + 1) * step_hz, drop)
    middle = level[at + fall - 1 :].max() + drop / 2
    falling = np.flatnonzero(level[at - 1 :] < middle)
    return UpperEnd((at - 1 + int(falling[0])) * step_hz, drop)


def _steepest(level: NDArray[np.float64], below: int, fall: int) -> tuple[int, float]:
    """Group at which the level falls most, from the third lowest of the groups below to the highest of all above."""
    windows = np.lib.stride_tricks.sliding_window_view(level, below)
    floor = np.sort(windows, axis=1)[:, _EXCEPTIONS]
    rest = np.maximum.accumulate(level[::-1])[::-1]
    ends = np.arange(below, level.size - fall)
    drops = floor[ends - below] - rest[ends + fall - 1]
    best = int(drops.argmax())
    return int(ends[best]), float(max(0.0, drops[best]))
