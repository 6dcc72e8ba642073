"""Reading and Analysis: what was measured of one sound, with units, or why it could not be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import BadInput


@dataclass(frozen=True)
class Reading:
    """One measured value with its unit; `value` is None where it cannot be measured, and `reason` says why.

    A text value is allowed for names (key: "A minor").
    """

    name: str
    value: float | str | None
    unit: str
    reason: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.value, float) and not math.isfinite(self.value):
            raise BadInput(f"Reading {self.name}: {self.value} is no value; use None with a reason.")
        if self.value is None and not self.reason:
            raise BadInput(f"Reading {self.name}: None needs a reason.")

    @property
    def number(self) -> float | None:
        """The value if it is a number, else None."""
        return float(self.value) if isinstance(self.value, (int, float)) else None

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"value": self.value, "unit": self.unit}
        if self.reason:
            out["reason"] = self.reason
        return out


@dataclass(frozen=True)
class Analysis:
    """All readings and curves of one sound.

    readings: by name, in the order of the metrics.
    curves: name -> JSON-able dict of arrays as lists, with units in their names.
    rate in Hz, channels, frames: of the sound; 0 where the analysis was built from readings alone.
    """

    readings: Mapping[str, Reading]
    rate: int = 0
    channels: int = 0
    frames: int = 0
    curves: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Reading:
        return self.readings[name]

    def __contains__(self, name: object) -> bool:
        return name in self.readings

    def number(self, name: str) -> float | None:
        """The reading's number, or None where it is missing, unmeasurable or no number."""
        reading = self.readings.get(name)
        return None if reading is None else reading.number

    @property
    def defects(self) -> Mapping[str, Any]:
        """The curve of that name: places by kind and their density, see `bridge.analysis.defects`; may be empty."""
        found: Mapping[str, Any] = self.curves.get("defects", {})
        return found

    def places(self, kind: str) -> list[float]:
        """Seconds at which defects of a kind ("clicks", "hard_end") are listed, in order; empty where there are none
        and where nobody looked."""
        found: list[float] = self.defects.get(f"{kind}_s", [])
        return found

    @property
    def seconds(self) -> float:
        return self.frames / self.rate if self.rate else 0.0

    @classmethod
    def from_readings(
        cls, values: Mapping[str, float | str | None], rate: int = 0, channels: int = 0, frames: int = 0
    ) -> Analysis:
        """An Analysis from plain values by reading name; units come from the metrics' own declarations.

        Raises BadInput for a name that no metric has.
        """
        from bridge.analysis.metrics import unit_of

        return cls(
            {
                name: Reading(name, value, unit_of(name), None if value is not None else "not given")
                for name, value in values.items()
            },
            rate,
            channels,
            frames,
        )

    def readings_json(self) -> dict[str, Any]:
        return {name: reading.to_json() for name, reading in self.readings.items()}

    def to_json(self) -> dict[str, Any]:
        return {
            "rate": self.rate,
            "channels": self.channels,
            "frames": self.frames,
            "seconds": self.seconds,
            "readings": self.readings_json(),
            "curves": dict(self.curves),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Analysis:
        """The inverse of `to_json`."""
        readings = {
            name: Reading(name, item["value"], item["unit"], item.get("reason"))
            for name, item in data["readings"].items()
        }
        return cls(readings, data["rate"], data["channels"], data["frames"], data.get("curves", {}))
