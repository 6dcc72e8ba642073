"""Where a sound is broken for a while: a channel lost, DC in a stretch, a beginning or an end cut off."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.passes import Passes
from bridge.analysis.read_once import read_once
from bridge.analysis.runs import runs
from bridge.analysis.unmeasurable import Unmeasurable

DC_WINDOW_S = 30.0
DC_LIMIT = 1e-3

_SEEN_S, _OPPOSED_S = 0.5, 1.5
_OPPOSED, _AGREED = -0.3, 0.4

_LOST_S = 0.25
_STILL = 10 ** (-80 / 20)
_SOUNDING = 10 ** (-30 / 20)
_SHARED = 0.3
_CUT_DB = -40.0
_STEADY_DB = 1.0


@read_once
def lost_channel(passes: Passes) -> list[tuple[float, float, int]]:
    """(start, end, channel) where one of the front pair falls silent within 10 ms for 0.25 s or more, while the other
    goes on with what both had before: an instrument that stops on one side leaves the middle where it was."""
    levels = passes.levels
    if passes.stream.channels < 2:
        return []
    levels.peak()
    count = -(-passes.frames // passes.stream.segment)
    peaks = levels.peaks()[:2, :count]
    found = [
        (start, end, channel)
        for channel in (0, 1)
        for start, end in runs(peaks[channel] <= _STILL)
        if _is_lost(passes, peaks, start, end, channel)
    ]
    step_s = passes.stream.segment / passes.stream.rate
    return [(start * step_s, end * step_s, channel) for start, end, channel in sorted(found)]


def _is_lost(passes: Passes, peaks: NDArray[np.float32], start: int, end: int, channel: int) -> bool:
    step_s = passes.stream.segment / passes.stream.rate
    if start < 3 or (end - start) * step_s < _LOST_S:
        return False
    own, other = peaks[channel], peaks[1 - channel]
    abrupt = own[start - 3 : start - 1].min() >= _SOUNDING * own.max()
    goes_on = np.median(other[start:end]) >= _SOUNDING * other.max()
    return bool(abrupt and goes_on and _shared(passes, start) >= _SHARED)


def _shared(passes: Passes, segment: int) -> float:
    """Correlation of the pair in the second before a segment; 0 where there is none."""
    levels = passes.levels
    per_second = max(1, round(passes.stream.rate / passes.stream.frame))
    last = segment * passes.stream.segment // passes.stream.frame
    part = slice(max(0, last - per_second), last)
    left, right = levels.squares.values[:2, part].sum(axis=1)
    mid, side = levels.mid_side.values[:, part].sum(axis=1)
    return float((mid - side) / (4.0 * math.sqrt(left * right))) if left * right > 0.0 else 0.0


@read_once
def dc_windows(passes: Passes) -> list[tuple[float, float]]:
    """(start in s, offset) of each stretch of about 30 s: the mean of the channel that is shifted most, where it is
    a steady shift and not the chance mean of low tones; 0 where it is not."""
    frame = passes.stream.frame
    whole = passes.frames // frame
    if not whole:
        return []
    means = passes.levels.sums.values[:, :whole] / frame
    count = max(1, round(whole * frame / passes.stream.rate / DC_WINDOW_S))
    edges = np.arange(count + 1) * whole // count
    return [
        (float(first * frame / passes.stream.rate), _steady_offset(means[:, first:last]))
        for first, last in pairwise(edges)
    ]


def _steady_offset(means: NDArray[np.float64]) -> float:
    """An offset counts where it is seven standard errors from zero: the same as `dc_steadiness` over 0.7."""
    if means.shape[1] < 4:
        return 0.0
    offset = means.mean(axis=1)
    error = means.std(axis=1, ddof=1) / math.sqrt(means.shape[1])
    steady = np.where(np.abs(offset) > 7.0 * error, offset, 0.0)
    return float(steady[np.abs(steady).argmax()])


def dc_places(passes: Passes) -> list[float]:
    """Where a stretch of 30 s is shifted by more than 0.1 % of full scale."""
    return [at for at, offset in dc_windows(passes) if abs(offset) > DC_LIMIT]


def hard_start(passes: Passes) -> list[float]:
    """[0.0] where the sound begins in the middle: with its first sample away from zero, at once as loud as it goes on,
    neither rising nor dying away. A sound that was trimmed to its attack begins at zero."""
    if _is_steady(passes):
        return []
    step = passes.edges.head[:, :1]
    if not step.size or np.abs(step).max() < passes.levels.peak() * 10 ** (_CUT_DB / 20):
        return []
    try:
        first, soon, later = (
            passes.edges.power(False, *span) for span in ((0.0, 0.005), (0.005, 0.05), (0.05, 0.3))
        )
    except Unmeasurable:
        return []
    loud = first >= passes.levels.peak() ** 2 * 10 ** (_CUT_DB / 10)
    return [0.0] if loud and soon < 6.0 * first and later > first / 4.0 else []


def hard_end(passes: Passes) -> list[float]:
    """[end in s] where the last 5 ms still sound."""
    if _is_steady(passes):
        return []
    try:
        last = passes.edges.power(True, 0.0, 0.005)
    except Unmeasurable:
        return []
    return [passes.seconds] if last >= passes.levels.peak() ** 2 * 10 ** (_CUT_DB / 10) else []


def _is_steady(passes: Passes) -> bool:
    """Noise and tones that stay alike from end to end have neither beginning nor end."""
    passes.levels.peak()
    power = passes.levels.frame_power()
    power = power[power > 0.0]
    return power.size < 4 or float(np.std(10.0 * np.log10(power))) < _STEADY_DB


@read_once
def overs(passes: Passes) -> list[float]:
    """Where the wave stands over 0 dBTP between its samples, to 10 ms."""
    found = np.flatnonzero(passes.overs.over(1.0).any(axis=0))
    return [passes.overs.start_s(int(stretch)) for stretch in found]


def inverted_places(passes: Passes) -> list[float]:
    """Where left and right are opposed for a second or more, while they agree in the second before or after: a wide
    sound is about as wide before and after, a channel that is turned over agrees as much as it is opposed then."""
    if passes.stream.channels < 2:
        return []
    passes.levels.peak()
    per_second = passes.stream.rate / passes.stream.frame
    width = max(1, round(_SEEN_S * per_second))
    both, alone = _pair_sums(passes, width)
    opposed = (both < _OPPOSED * alone) & (alone > 0.0)
    longest = max(1, round(_OPPOSED_S * per_second))
    return [
        (start + width // 2) / per_second
        for start, end in runs(opposed)
        if end - start >= longest - width and _turned_over(both, alone, start, end, longest)
    ]


def _pair_sums(passes: Passes, width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Over windows of `width` frames: sum of L times R, root of both sums of squares [both shape=(windows,)]."""
    squares, sides = passes.levels.squares.values[:2], passes.levels.mid_side.values
    rows = np.stack([squares[0], squares[1], (sides[0] - sides[1]) / 4.0]).astype(np.float64)
    sums = np.lib.stride_tricks.sliding_window_view(rows, min(width, rows.shape[1]), axis=1).sum(axis=2)
    return sums[2], np.sqrt(sums[0] * sums[1])


def _turned_over(
    both: NDArray[np.float64], alone: NDArray[np.float64], start: int, end: int, reach: int
) -> bool:
    inside = both[start:end].sum() / alone[start:end].sum()
    around = [slice(max(0, start - reach), max(0, start - reach // 2)), slice(end + reach // 2, end + reach)]
    outside = [both[part].sum() / alone[part].sum() for part in around if alone[part].sum() > 0.0]
    return bool(outside and inside < -_AGREED and max(outside) > _AGREED)
