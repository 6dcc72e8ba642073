"""Third-octave spectra laid over each other in level, so that only their shape differs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bridge.analysis.third_octaves import FAINT_DB
from bridge.units import power_from_db

LAID_OVER_HZ = (100.0, 10000.0)
"""Alignment listens here: below lies the room, above the microphone and the codec."""


_STEP = math.log(10.0) / 10.0
"""A third octave (base ten) on the natural logarithm's scale."""

_COVERED = 0.75
"""A band is compared where both spectra reach so much of it, over octaves."""


@dataclass(frozen=True)
class Shape:
    """A third-octave spectrum: level in dB of each band of `centre_hz`, against any zero; None where nothing sounds."""

    centre_hz: tuple[float, ...]
    level_db: tuple[float | None, ...]

    @classmethod
    def of(cls, curves: Mapping[str, Any]) -> Shape | None:
        """From the curves of an Analysis; None where they hold no spectrum."""
        curve = curves.get("spectrum")
        return cls(tuple(curve["centre_hz"]), tuple(curve["level_db"])) if curve else None

    @property
    def floor_db(self) -> float:
        """FAINT_DB below the loudest band; where both spectra lie under theirs nothing is compared.

        A spectrum of nothing has its floor at 0.
        """
        return max((level for level in self.level_db if level is not None), default=FAINT_DB) - FAINT_DB

    def held_up(self) -> dict[float, float]:
        """Level by centre, none lower than the floor; empty for a spectrum of nothing."""
        if all(level is None for level in self.level_db):
            return {}
        return {
            hz: self.floor_db if level is None else max(level, self.floor_db)
            for hz, level in zip(self.centre_hz, self.level_db, strict=True)
        }


@dataclass(frozen=True)
class AlignedShapes:
    """this, reference and their difference in dB by third octave; the reference is shifted to the level of `this`.

    shift_db: by how much. difference_db is None where both are faint. bands_db: the difference of each named band
    that both spectra reach, from the powers of its third octaves.
    """

    centre_hz: tuple[float, ...]
    this_db: tuple[float, ...]
    reference_db: tuple[float, ...]
    difference_db: tuple[float | None, ...]
    shift_db: float
    bands_db: Mapping[str, float]

    @property
    def distance_db(self) -> float:
        """Mean of the differences without their signs: how far apart the two sound, in one figure."""
        told = [abs(value) for value in self.difference_db if value is not None]
        return sum(told) / len(told) if told else 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "centre_hz": list(self.centre_hz),
            "this_db": _rounded(self.this_db),
            "reference_db": _rounded(self.reference_db),
            "difference_db": _rounded(self.difference_db),
            "shift_db": round(self.shift_db, 2),
        }


def align(this: Shape, reference: Shape) -> AlignedShapes | None:
    """The two on the centres that both have, with the median of their differences taken out.

    Own definition: the median over third octaves from 100 Hz to 10 kHz. Matching the whole power instead would let
    one raised bass band push every other one down. None where they share no third octave in which either sounds.
    """
    one, other = this.held_up(), reference.held_up()
    centres = tuple(hz for hz in this.centre_hz if hz in one and hz in other)
    silent = {hz for hz in centres if one[hz] <= this.floor_db and other[hz] <= reference.floor_db}
    laid = [
        one[hz] - other[hz] for hz in centres if LAID_OVER_HZ[0] <= hz <= LAID_OVER_HZ[1] and hz not in silent
    ]
    if not laid:
        return None
    shift = median(laid)
    return AlignedShapes(
        centres,
        tuple(one[hz] for hz in centres),
        tuple(other[hz] + shift for hz in centres),
        tuple(None if hz in silent else one[hz] - other[hz] - shift for hz in centres),
        shift,
        _bands(one, {hz: level + shift for hz, level in other.items()}, silent),
    )


def _bands(one: Mapping[float, float], other: Mapping[float, float], silent: set[float]) -> dict[str, float]:
    """Third octaves that lie across a band's edge count by the part that lies inside."""
    from bridge.analysis.metrics.bands import BANDS

    found = {}
    for band in BANDS:
        parts = {hz: _inside(hz, band.low_hz, band.high_hz) for hz in one if hz in other}
        parts = {hz: part for hz, part in parts.items() if part > 0.0}
        covered = sum(parts.values()) * _STEP / math.log(band.high_hz / band.low_hz)
        if covered >= _COVERED and not silent.issuperset(parts):
            found[band.name] = _power_db(one, parts) - _power_db(other, parts)
    return found


def _inside(centre_hz: float, low_hz: float, high_hz: float) -> float:
    """How much of a third octave lies between two frequencies, 0 to 1, over octaves."""
    below, above = math.log(centre_hz) - _STEP / 2, math.log(centre_hz) + _STEP / 2
    return max(0.0, min(above, math.log(high_hz)) - max(below, math.log(low_hz))) / _STEP


def _power_db(levels: Mapping[float, float], parts: Mapping[float, float]) -> float:
    return 10.0 * math.log10(sum(part * power_from_db(levels[hz]) for hz, part in parts.items()))


def _rounded(values: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else round(value, 2) for value in values]
