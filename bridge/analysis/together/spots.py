"""Spots: neighbouring Bark bands in which one stem hides another often enough to be worth saying, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bridge.analysis.bark import BARK_BANDS, BARK_EDGES_HZ
from bridge.analysis.runs import runs
from bridge.analysis.together.masking import Mask, Masking

OFTEN = 0.4
"""Share of the time in which both sound; less is the give and take of any arrangement."""

_MATTERS = 0.03
"""Bands with less of the stem's loudness carry little of it; each of the 24 alike would have 0.042."""

_LEAST_S = 3.0
_LEAST_SHARE = 0.1
"""Both must sound together for so long, and for so much of the time that the masked stem sounds."""

_GAP_S = 0.5
_STRETCHES = 3


@dataclass(frozen=True)
class Spot:
    """share: of the time in which both sound that the masked stem is hidden in most of these bands.
    weight: what part of the masked stem's loudness these bands have.
    excess_db: how far above it the other lies there, median. stretches_s: the longest times, in order."""

    low_hz: float
    high_hz: float
    share: float
    weight: float
    excess_db: float
    stretches_s: tuple[tuple[float, float], ...]

    @property
    def lost(self) -> float:
        """What part of the masked stem's loudness is hidden here."""
        return self.share * self.weight

    @property
    def centre_hz(self) -> float:
        return float(np.sqrt(max(self.low_hz, 50.0) * self.high_hz))

    def to_json(self) -> dict[str, Any]:
        return {
            "low_hz": self.low_hz,
            "high_hz": self.high_hz,
            "share": self.share,
            "weight": self.weight,
            "excess_db": self.excess_db,
            "stretches_s": [list(stretch) for stretch in self.stretches_s],
        }


def spots(masking: Masking) -> tuple[Spot, ...]:
    """The worst first."""
    if masking.found is not None:
        return masking.found
    if masking.both_s < max(_LEAST_S, _LEAST_SHARE * masking.sounding_s):
        return ()
    often = [
        band.hidden >= OFTEN and band.seconds >= _LEAST_S and masking.weights[index] >= _MATTERS
        for index, band in enumerate(masking.bands)
    ]
    found = (_spot(masking, first, last) for first, last in runs(np.array(often)))
    return tuple(sorted((spot for spot in found if spot.share >= OFTEN), key=lambda spot: -spot.lost))


def with_spots(masking: Masking) -> Masking:
    """The same with its spots instead of its masks."""
    none = np.zeros((BARK_BANDS, 0), bool)
    return replace(masking, found=spots(masking), hidden=none, counted=none)


def _spot(masking: Masking, first: int, last: int) -> Spot:
    """Of bands `first` to before `last`."""
    counted = masking.counted[first:last].sum(axis=0)
    hidden = (masking.hidden[first:last].sum(axis=0) * 2 > counted) & (counted > 0)
    excess = [band.excess_db for band in masking.bands[first:last] if band.excess_db is not None]
    return Spot(
        BARK_EDGES_HZ[first],
        BARK_EDGES_HZ[last],
        round(float(hidden.sum()) / max(1, int((counted > 0).sum())), 3),
        round(float(masking.weights[first:last].sum()), 3),
        round(float(np.median(excess)), 1),
        _stretches(hidden, masking.frame_s),
    )


def _stretches(hidden: Mask, frame_s: float) -> tuple[tuple[float, float], ...]:
    """The longest times in seconds; gaps of up to half a second belong to them."""
    joined: list[tuple[int, int]] = []
    for first, last in runs(hidden):
        if joined and (first - joined[-1][1]) * frame_s <= _GAP_S:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    longest = sorted(sorted(joined, key=lambda run: run[0] - run[1])[:_STRETCHES])
    return tuple((round(first * frame_s, 2), round(last * frame_s, 2)) for first, last in longest)


def wide(spot: Spot) -> bool:
    """So many bands that an equalizer is the wrong tool: the other stem is too loud."""
    covered = BARK_EDGES_HZ.index(spot.high_hz) - BARK_EDGES_HZ.index(spot.low_hz)
    return covered > BARK_BANDS // 3
