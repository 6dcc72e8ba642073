"""Stretches of a sound that differ in loudness, and its loudest part.

Own definition. The course of loudness (K-weighted, every half second the mean of two seconds: about a bar) is fitted
by levels that hold for a while: the fit with the least squared error plus a price for every edge, found exactly by
optimal partitioning (B. Jackson et al., "An algorithm for optimal partitioning of data on an interval", 2005). The
price follows from how restless the sound is by itself, so that the hits of a drummer are no sections. Each edge is then
moved to where the unsmoothed course changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.passes.loudness import Loudness, loudness_of
from bridge.analysis.stream import HOPS_PER_S
from bridge.analysis.unmeasurable import SILENCE, Unmeasurable, needs_seconds

Row = NDArray[np.float64]

SHORTEST_S = 4.0
"""Of a section; shorter ones are fills and breaks."""

LEAST_LU = 1.5
"""By how much neighbours differ; less is not heard as another part."""

LOUDEST_S = 15.0

_STEP_S = 0.5
_SMOOTH = 4
"""Steps that are averaged before edges are looked for."""

_MOST_STEPS = 1200
"""Longer sounds are looked at in longer steps: the search takes the square of their number."""

_FLOOR_LU = 30.0
"""Below the loudest step; silence is a section too, but not an infinitely deep one."""

_PRICE = 12.0
"""Of an edge, in variances of the sound's own restlessness times the logarithm of the number of steps."""


@dataclass(frozen=True)
class Section:
    """start_s, end_s; lufs: ungated loudness, None for silence."""

    start_s: float
    end_s: float
    lufs: float | None


def sections_of(loudness: Loudness) -> list[Section]:
    """Raises Unmeasurable where loudness is, below 8 s and for silence."""
    power, step_s = _course(loudness)
    floor = power.max() * 10 ** (-_FLOOR_LU / 10)
    levels = loudness_of(np.maximum(power, floor))
    smooth = loudness_of(np.maximum(_smoothed(power), floor))
    edges = _placed(levels, _merged(smooth, _edges(smooth, max(2, round(SHORTEST_S / step_s)))))
    end_s = loudness.frames / loudness.stream.rate
    found = []
    for start, end in pairwise(edges):
        mean = float(power[start:end].mean())
        last = end_s if end == power.size else end * step_s
        found.append(Section(start * step_s, last, float(loudness_of(np.array(mean))) if mean else None))
    return found


def loudest_of(loudness: Loudness, seconds: float = LOUDEST_S) -> tuple[float, float]:
    """Start and end in seconds of the loudest `seconds`, on a grid of 0.1 s; the whole where there is no more."""
    whole_s = loudness.frames / loudness.stream.rate
    if whole_s <= seconds:
        return 0.0, whole_s
    windows = loudness.windows(round(seconds * HOPS_PER_S), step=10)
    start_s = int(windows.argmax()) * 10 / HOPS_PER_S
    return start_s, min(start_s + seconds, whole_s)


def _course(loudness: Loudness) -> tuple[Row, float]:
    """Mean square of each step, and seconds per step."""
    needs_seconds(loudness.frames / loudness.stream.rate, 2 * SHORTEST_S)
    loudness.windows(40, step=10)
    hops = round(_STEP_S * HOPS_PER_S)
    hops *= -(-loudness.energies.values.size // (hops * _MOST_STEPS))
    count = loudness.energies.values.size // hops
    if count < 2:
        raise Unmeasurable(f"shorter than {2 * SHORTEST_S:g} s")
    sums = loudness.energies.values[: count * hops].reshape(count, hops).sum(axis=1)
    if not sums.any():
        raise Unmeasurable(SILENCE)
    return sums / (hops / HOPS_PER_S * loudness.stream.rate), hops / HOPS_PER_S


def _smoothed(power: Row) -> Row:
    """Mean of the four steps around each edge between steps, at the ends of those there are."""
    ends = np.clip(np.arange(power.size)[:, None] + [-_SMOOTH // 2, _SMOOTH // 2], 0, power.size)
    sums = np.append(0.0, np.cumsum(power))
    mean: Row = np.maximum(sums[ends[:, 1]] - sums[ends[:, 0]], 0.0) / (ends[:, 1] - ends[:, 0])
    return mean


def _placed(levels: Row, edges: list[int]) -> list[int]:
    """Each inner edge where, within the smoothing, it parts the levels of its two sides best."""
    placed = list(edges)
    for index in range(1, len(edges) - 1):
        start, end = placed[index - 1], edges[index + 1]
        near = range(max(start + 1, edges[index] - _SMOOTH), min(end, edges[index] + _SMOOTH + 1))
        left, right = levels[start : edges[index]].mean(), levels[edges[index] : end].mean()
        errors = [
            float(((levels[start:at] - left) ** 2).sum() + ((levels[at:end] - right) ** 2).sum())
            for at in near
        ]
        placed[index] = near[int(np.argmin(errors))]
    return placed


def _edges(levels: Row, shortest: int) -> list[int]:
    """First steps of the sections, and the number of steps: the cheapest partition into runs of `shortest` or more."""
    size = levels.size
    sums, squares = (
        np.append(0.0, np.cumsum(x)) for x in (levels - levels.mean(), (levels - levels.mean()) ** 2)
    )
    restless = float(np.median(np.abs(levels[_SMOOTH:] - levels[:-_SMOOTH]))) / 0.954
    # 0.954: the median absolute difference of two normal values is 0.674 · sqrt(2) deviations.
    price = _PRICE * max(restless, 0.3) ** 2 * np.log(size)
    cost = np.full(size + 1, np.inf)
    cost[0], before = -price, np.zeros(size + 1, int)
    for end in range(shortest, size + 1):
        starts = np.arange(0, end - shortest + 1)
        length = end - starts
        errors = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / length
        total = cost[starts] + errors + price
        before[end] = int(total.argmin())
        cost[end] = total[before[end]]
    edges = [size]
    while edges[-1] > 0:
        edges.append(int(before[edges[-1]]))
    return edges[::-1]


def _merged(levels: Row, edges: list[int]) -> list[int]:
    """Without edges between neighbours that differ by less than is heard, the smallest difference first."""
    edges = list(edges)
    while len(edges) > 2:
        means = np.array([levels[a:b].mean() for a, b in pairwise(edges)])
        steps = np.abs(np.diff(means))
        least = int(steps.argmin())
        if steps[least] >= LEAST_LU:
            break
        del edges[least + 1]
    return edges
