"""Defects with their places, as data: what rules make findings of, and what pictures mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.passes import Passes
from bridge.analysis.places import dc_places, hard_end, hard_start, inverted_places, lost_channel, overs
from bridge.analysis.read_once import read_once
from bridge.analysis.runs import runs
from bridge.analysis.sibilance import places as sibilance_places
from bridge.analysis.unmeasurable import Unmeasurable

MOST = 50
"""Places that are listed; the count goes on."""

STRETCHES = 200
"""In which places are counted where not all are listed: as many as a picture can show apart."""

_LOUD = 10 ** (-40 / 20)
_SHORTEST_GAP_S = 0.02
_LONGEST_GAP_S = 1.0


@read_once
def clipped(passes: Passes) -> list[float]:
    """Seconds at which flat tops stand, to 10 ms. Grids coarser than 12 bits are left alone: all of it is flat."""
    if passes.grid.bits < 12:
        return []
    return _seconds(passes, _flat(passes))


@read_once
def _flat(passes: Passes) -> NDArray[np.intp]:
    """Segments with flat tops."""
    return passes.flat_tops.clipped(passes.levels.peaks())


@read_once
def dropouts(passes: Passes) -> list[float]:
    """Where all channels stand still (zero, or one held value) for 20 ms to 1 s between loud sound."""
    levels = passes.levels
    levels.peak()
    peaks = levels.peaks().max(axis=0)
    loud = peaks >= _LOUD * peaks.max()
    step_s = passes.stream.segment / passes.stream.rate
    return [
        start * step_s
        for start, end in runs(levels.still.values)
        if start > 1
        and end + 1 < peaks.size
        and _SHORTEST_GAP_S / 2 <= (end - start) * step_s <= _LONGEST_GAP_S
        and _abrupt(loud, start, end)
    ]


def _abrupt(loud: NDArray[np.bool_], start: int, end: int) -> bool:
    return bool(loud[start - 2] and loud[start - 1] and loud[end] and loud[end + 1])


@read_once
def clicks(passes: Passes) -> list[float]:
    """Where the wave breaks; the edges of a dropout and of a flat top are counted there."""
    gaps = np.array(dropouts(passes))
    segments = passes.clicks.places(passes.levels.peak())
    found = _seconds(passes, segments[~np.isin(segments, _flat(passes))])
    return [at for at in found if not gaps.size or np.abs(gaps - at).min() > _LONGEST_GAP_S]


def _seconds(passes: Passes, segments: NDArray[np.intp]) -> list[float]:
    return [float(index * passes.stream.segment / passes.stream.rate) for index in segments]


_KINDS: dict[str, Callable[[Passes], list[float]]] = {
    "clipped_s": clipped,
    "inter_sample_overs_s": overs,
    "clicks_s": clicks,
    "dropouts_s": dropouts,
    "channel_losses_s": lambda passes: [start for start, _, _ in lost_channel(passes)],
    "inverted_s": inverted_places,
    "dc_s": dc_places,
    "hard_start_s": hard_start,
    "hard_end_s": hard_end,
    "sibilance_s": sibilance_places,
}


def defects(passes: Passes) -> dict[str, Any]:
    """Places in seconds by kind, at most 50 of each; kinds that were not looked for are left out.

    `density`: of kinds with more places how many there are in each two-hundredth of the length (`each_s`).
    """
    places: dict[str, Any] = {}
    counts: dict[str, list[int]] = {}
    for name, find in _KINDS.items():
        try:
            found = find(passes)
        except Unmeasurable:
            continue
        places[name] = [round(at, 3) for at in found[:MOST]]
        if len(found) > MOST:
            counts[name.removesuffix("_s")] = _density(found, passes.seconds)
    if counts:
        places["density"] = {"each_s": passes.seconds / STRETCHES, "counts": counts}
    return places


def _density(at_s: list[float], seconds: float) -> list[int]:
    counts, _ = np.histogram(at_s, STRETCHES, (0.0, seconds))
    return [int(count) for count in counts]
