"""Tempo from the times of a MIDI clock's ticks, as near as their jitter lets it be known.

A straight line through many ticks (least squares, stragglers left out) is sure to sigma * sqrt(12 / n^3) in its slope:
384 ticks with 1 ms of jitter give 120 BPM to within 0.01. A tempo that changes is no straight line, so the newest ticks
are looked at first, and older ones are taken in only while they agree with what the newer ones say (the intersection of
confidence intervals, Goldenshluger and Nemirovski 1997).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PER_BEAT = 24
"""Ticks of a quarter note (MIDI 1.0, System Real Time)."""
FEWEST, LONGEST = 24, 384
"""One beat is the least that is listened to before a tempo is told; 16 are enough for 0.01 BPM."""
SLOWEST_BPM, FASTEST_BPM = 20.0, 400.0
_SURE = 3.0
_CLEANEST_S = 2e-5
"""No clock is taken for cleaner than this."""
_STRAGGLES = 3.5
_LONGEST_BLOCK_S = 512 / 48000
"""What is later than that was held up elsewhere."""
_GAP, _BESIDE = 1.6, 12
"""Of the usual gap: from there on ticks may be lost. And how many gaps on each side say what is usual."""


@dataclass(frozen=True)
class Tempo:
    """bpm: quarter notes a minute. within_bpm: how sure that is (three standard errors). jitter_ms: of a single tick.
    ticks: that it was found from."""

    bpm: float
    within_bpm: float
    jitter_ms: float
    ticks: int


Times = NDArray[np.float64]


def tempo_of(times_s: Sequence[float]) -> Tempo | None:
    """times_s: when each tick came, in order, with no drop-out between. None for too few, or for no tempo of music."""
    if len(times_s) <= FEWEST:
        return None
    times = np.asarray(times_s[-LONGEST - 1 :], dtype=np.float64)
    places = _counted(times)
    jitter = _jitter_s(times, places)
    best: tuple[float, float, int] | None = None
    low, high = -math.inf, math.inf
    for count in _windows(len(times)):
        slope = _slope(places[-count:], times[-count:])
        spread = _SURE * jitter * math.sqrt(12 / count**3)
        low, high = max(low, slope - spread), min(high, slope + spread)
        if low > high:
            break
        best = (slope, spread, count)
    if best is None or not best[0] > 0:
        return None
    slope, spread, count = best
    bpm = 60 / (PER_BEAT * slope)
    if not SLOWEST_BPM <= bpm <= FASTEST_BPM:
        return None
    return Tempo(bpm, bpm * spread / slope, 1000 * jitter, count)


def _windows(there: int) -> list[int]:
    """24, 34, 48, ... ticks, and all of them."""
    steps = [round(FEWEST * 2 ** (step / 2)) for step in range(9)]
    return [*(count for count in steps if count < there), there]


def _counted(times: Times) -> Times:
    """The number of each tick, with places left free for lost ones: where a gap is longer than the ticks that come
    after it make up for. A receiver that was held up gets its ticks late, all at once, and has lost none."""
    gaps = np.diff(times)
    missing = np.zeros(len(gaps))
    for at in np.flatnonzero(gaps > _GAP * np.median(gaps)):
        usual = _around(gaps, int(at))
        if 0 < _GAP * usual < gaps[at]:
            after = times[at + 1 : at + 9] - times[at]
            late = after - usual * np.arange(1, len(after) + 1)
            missing[at] = max(0, round(float(np.median(late[len(late) // 2 :])) / usual))
    return np.concatenate(([0.0], np.cumsum(1 + missing)))


def _around(gaps: Times, at: int) -> float:
    """The usual gap beside one: the longer of before and after, since a slower tempo has lost no ticks."""
    sides = (gaps[max(0, at - _BESIDE) : at], gaps[at + 1 : at + 1 + _BESIDE])
    return max((float(np.median(side)) for side in sides if len(side)), default=0.0)


def _jitter_s(times: Times, places: Times) -> float:
    """Of a single tick: from how it lies between its neighbours, which no change of tempo alters much."""
    gaps = np.diff(times) / np.diff(places)
    white = 1.4826 * float(np.median(np.abs(np.diff(gaps)))) / math.sqrt(6)
    return max(_CLEANEST_S, white, _block_s(gaps) / math.sqrt(12))


def _block_s(gaps: Times) -> float:
    """Of a host that sends ticks at the start of its audio blocks: the length of one, at most. Nearly all of its gaps
    are alike then, and now and then one is a block longer or shorter; that one is unlike what is before and behind."""
    sides = np.lib.stride_tricks.sliding_window_view(gaps, _BESIDE)
    usual = np.median(sides, axis=1)
    edge = np.full(_BESIDE, np.inf)
    before = np.abs(gaps - np.concatenate((edge, usual[:-1])))
    behind = np.abs(gaps - np.concatenate((usual[1:], edge)))
    odd = np.minimum(before, behind)
    return min(_LONGEST_BLOCK_S, float(odd.max(initial=0.0)))


def _slope(places: Times, times: Times) -> float:
    """Seconds a tick: least squares, twice without those that lie far off the line."""
    kept = np.ones(len(times), dtype=bool)
    slope = offset = 0.0
    for _ in range(3):
        slope, offset = (float(value) for value in np.polyfit(places[kept], times[kept], 1))
        off = np.abs(times - (slope * places + offset))
        near = off <= max(_CLEANEST_S, _STRAGGLES * 1.4826 * float(np.median(off)))
        if near.sum() < len(times) // 2 or (near == kept).all():
            break
        kept = near
    return slope
