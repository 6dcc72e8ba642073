"""Comparison: two analyses side by side, with their spectra laid over each other in level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.analysis.reading import Analysis, Reading
from bridge.analysis.spectral_shape import AlignedShapes, Shape, align

_SAME: dict[str, float] = {"Hz": 1.0, "BPM": 0.1, "cents": 1.0, "s": 0.01, "%": 0.01, "bit": 0.5, "": 0.005}
"""Differences below these are the same reading; 0.05 (a tenth as printed) where a unit is not listed."""

_SAME_OF_LEVELS = 0.05


@dataclass(frozen=True)
class Difference:
    """One reading of both. difference: this minus the reference, in `unit`; None where either is no number."""

    metric: str
    unit: str
    this: float | str | None
    reference: float | str | None
    difference: float | None

    def to_json(self) -> dict[str, Any]:
        return {
            "this": self.this,
            "reference": self.reference,
            "difference": self.difference,
            "unit": self.unit,
        }


@dataclass(frozen=True)
class Comparison:
    """What two sounds differ in; differences are `this` minus the reference.

    readings: those that differ by more than a reading's own resolution, in the order of the metrics.
    spectrum: both third-octave spectra aligned in level, or None where either has none.
    """

    readings: Mapping[str, Difference]
    spectrum: AlignedShapes | None = None

    def __getitem__(self, metric: str) -> Difference:
        return self.readings[metric]

    def __contains__(self, metric: object) -> bool:
        return metric in self.readings

    @property
    def bands_db(self) -> Mapping[str, float]:
        """How far each named band of the aligned spectrum stands above the reference's, in dB."""
        return self.spectrum.bands_db if self.spectrum else {}

    def to_json(self) -> dict[str, Any]:
        return {
            "readings": {name: item.to_json() for name, item in self.readings.items()},
            "spectrum": self.spectrum.to_json() if self.spectrum else None,
            "bands_db": {name: round(value, 2) for name, value in self.bands_db.items()},
        }


def compare(this: Analysis, reference: Analysis) -> Comparison:
    """Two sounds side by side: a mix and its reference, before and after, two masters."""
    shared = [name for name in this.readings if name in reference]
    pairs = ((name, _difference(this[name], reference[name])) for name in shared)
    one, other = Shape.of(this.curves), Shape.of(reference.curves)
    return Comparison(
        {name: pair for name, pair in pairs if _differ(pair)},
        align(one, other) if one and other else None,
    )


def _difference(this: Reading, reference: Reading) -> Difference:
    one, other = this.number, reference.number
    apart = None if one is None or other is None else one - other
    return Difference(this.name, this.unit, this.value, reference.value, apart)


def _differ(pair: Difference) -> bool:
    if pair.difference is None:
        return pair.this != pair.reference
    return abs(pair.difference) > _SAME.get(pair.unit, _SAME_OF_LEVELS)
