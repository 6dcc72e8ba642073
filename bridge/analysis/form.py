"""Form: where the parts of a song begin, which of them come back, and what they are likely called.

Own method from published parts. A unit of about half a second (a beat or two, where there is a beat) is described by
its 24 Bark bands, its twelve pitch classes and its level. Parts begin where that changes, or what it repeats
(`novelty`), and are of one kind where they sound alike in the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.novelty import novelty_of
from bridge.analysis.unmeasurable import SILENCE, Unmeasurable, needs_seconds

Row = NDArray[np.float64]

SHORTEST_S = 24.0
"""Shorter sounds have no form."""

_UNIT_S = 0.5
_MOST_UNITS = 1500
_PART_S = 5.0
"""No part is shorter."""

_FLOOR_DB = 60.0
_PEAK = 0.25

_SAME_DB = 3.6
"""Neighbours that differ by less are one part."""

_KIN_DB = 3.4
"""Parts that differ by less are of one kind."""

_HEARD_DB = 30.0
"""Bands that lie so far below the loudest one count for nothing."""

_CHORDS_DB = 8.0
"""What chords that have nothing in common count for."""


@dataclass(frozen=True)
class Part:
    """label: "A", "B"; parts of one label are alike. level_db: against the loudest part."""

    start_s: float
    end_s: float
    label: str
    level_db: float


@dataclass(frozen=True)
class Course:
    """Of every unit: start_s, with the end of the last [shape=(units + 1,)], bark: in dB [shape=(units, 24)],
    chroma: of length 1 or 0 [shape=(units, 12)], level_db: [shape=(units,)]."""

    edges_s: Row
    bark: Row
    chroma: Row
    level_db: Row


def course_of(
    bark: NDArray[np.float32], frame_s: float, chroma: NDArray[np.float32], window_s: float, beats_s: Row
) -> Course:
    """bark: power [shape=(24, frames)]; chroma: [shape=(12, windows)]; beats_s: empty where there is no clear beat.

    Raises Unmeasurable below SHORTEST_S and for silence.
    """
    seconds = bark.shape[1] * frame_s
    needs_seconds(seconds, SHORTEST_S)
    edges_s = _units(seconds, beats_s)
    power = _means(bark.astype(np.float64), edges_s / frame_s).T
    if not power.any():
        raise Unmeasurable(SILENCE)
    total = power.sum(axis=1)
    floor = total.max() * 10 ** (-_FLOOR_DB / 10)
    classes = (
        _means(chroma.astype(np.float64), edges_s / window_s).T if chroma.size else np.zeros((len(power), 12))
    )
    length = np.linalg.norm(classes, axis=1, keepdims=True)
    return Course(
        edges_s,
        10 * np.log10(power + floor / 24),
        np.where(length > 0, classes / np.where(length > 0, length, 1.0), 0.0),
        10 * np.log10(total + floor),
    )


def _units(seconds: float, beats_s: Row) -> Row:
    """Edges of units: beats, so many together that a unit is half a second or more; else a grid."""
    least = max(_UNIT_S, seconds / _MOST_UNITS)
    if beats_s.size >= 16:
        period = float(np.median(np.diff(beats_s)))
        every = max(1, round(least / period)) if period > 0 else 1
        inner = beats_s[::every]
        before = np.arange(inner[0] - period * every, 0.3 * period, -period * every)[::-1]
        after = np.arange(inner[-1] + period * every, seconds - 0.3 * period, period * every)
        inner = np.concatenate([before, inner, after])
        inner = inner[(inner > 0.05) & (inner < seconds - 0.05)]
        return np.concatenate([[0.0], inner, [seconds]])
    count = max(2, round(seconds / least))
    return np.linspace(0.0, seconds, count + 1)


def _means(rows: Row, edges: Row) -> Row:
    """Means of rows between edges counted in columns [shape=(rows, len(edges) - 1)]."""
    sums = np.concatenate([np.zeros((rows.shape[0], 1)), np.cumsum(rows, axis=1)], axis=1)
    at = np.clip(edges, 0, rows.shape[1])
    low = np.minimum(at.astype(int), rows.shape[1] - 1)
    part = sums[:, low] + (at - low) * rows[:, low]
    means: Row = np.diff(part, axis=1) / np.maximum(np.diff(edges), 1e-9)
    return np.maximum(means, 0.0)


def parts_of(course: Course) -> list[Part]:
    """The parts in order."""
    edges = _merged(course, _edges(course))
    labels = _labels(course, edges)
    levels = [_level(course, a, b) for a, b in pairwise(edges)]
    top = max(levels)
    return [
        Part(float(course.edges_s[a]), float(course.edges_s[b]), label, level - top)
        for (a, b), label, level in zip(pairwise(edges), labels, levels, strict=True)
    ]


def _level(course: Course, start: int, end: int) -> float:
    return float(10 * np.log10(np.mean(10 ** (course.level_db[start:end] / 10))))


def _edges(course: Course) -> list[int]:
    """First units of the parts, and the number of units."""
    unit_s = float(np.median(np.diff(course.edges_s)))
    novelty = novelty_of(course.bark, course.chroma, unit_s)
    gap = max(1, round(_PART_S / unit_s))
    count = novelty.size
    found: list[int] = []
    for at in np.argsort(-novelty):
        if novelty[at] < _PEAK * novelty.max():
            break
        at = int(at)
        if at < gap // 2 or at > count - gap // 2:
            continue
        if all(abs(at - other) >= gap for other in found):
            found.append(at)
    return [0, *sorted(found), count]


def _merged(course: Course, edges: list[int]) -> list[int]:
    """Without the edges between neighbours that are one part, the most alike first."""
    edges = list(edges)
    while len(edges) > 2:
        bark, chroma = _means_of(course, edges)
        apart = _apart(bark[1:], bark[:-1], chroma[1:], chroma[:-1])
        least = int(apart.argmin())
        if apart[least] >= _SAME_DB:
            break
        del edges[least + 1]
    return edges


def _labels(course: Course, edges: list[int]) -> list[str]:
    """Parts that are alike bear one letter: the two groups that are nearest become one, as long as they are near."""
    bark, chroma = _means_of(course, edges)
    count = len(edges) - 1
    apart = _apart(bark[:, None], bark[None], chroma[:, None], chroma[None])
    groups = [[index] for index in range(count)]
    while len(groups) > 1:
        member = np.zeros((len(groups), count))
        for number, group in enumerate(groups):
            member[number, group] = 1.0 / len(group)
        between = member @ apart @ member.T + np.diag(np.full(len(groups), np.inf))
        i, j = sorted(divmod(int(between.argmin()), len(groups)))
        if between[i, j] >= _KIN_DB:
            break
        groups[i] += groups.pop(j)
    groups.sort(key=min)
    names = {index: chr(ord("A") + min(25, number)) for number, group in enumerate(groups) for index in group}
    return [names[index] for index in range(count)]


def _means_of(course: Course, edges: list[int]) -> tuple[Row, Row]:
    """Of each part: mean Bark bands in dB [shape=(parts, 24)], mean chroma of length 1 [shape=(parts, 12)]."""
    lengths = np.diff(edges)[:, None]
    bark = np.add.reduceat(course.bark, edges[:-1], axis=0) / lengths
    chroma = np.add.reduceat(course.chroma, edges[:-1], axis=0)
    norm = np.linalg.norm(chroma, axis=1, keepdims=True)
    return bark, np.where(norm > 0, chroma / np.where(norm > 0, norm, 1.0), 0.0)


def _apart(first: Row, second: Row, chords: Row, others: Row) -> Row:
    """How far parts are from each other, in dB: their mean Bark bands, and their chords. The last axis is summed."""
    heard = np.maximum(first, second)
    weight = np.clip(1 + (heard - heard.max(axis=-1, keepdims=True)) / _HEARD_DB, 0.0, 1.0)
    colour = np.sqrt((weight * (first - second) ** 2).sum(axis=-1) / weight.sum(axis=-1))
    found: Row = colour + _CHORDS_DB * (1 - (chords * others).sum(axis=-1))
    return found
