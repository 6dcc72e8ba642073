"""A parameter's declaration: span, unit, scale and sentence, from which schema, sliders, help and manual come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field
from pydantic.fields import FieldInfo

Scale = Literal["linear", "log"]


@dataclass(frozen=True)
class Quantity:
    """What a number means.

    low, high: hard span, in `unit`. soft_low, soft_high: what the bridge itself stays within unless the user
    names a number. scale: how a slider runs. sentence: one line for people.
    """

    low: float
    high: float
    unit: str
    sentence: str
    scale: Scale = "linear"
    soft_low: float | None = None
    soft_high: float | None = None

    def clamp(self, value: float, soft: bool = False) -> float:
        """`value` within the hard span, or within the soft one where there is one."""
        low = self.soft_low if soft and self.soft_low is not None else self.low
        high = self.soft_high if soft and self.soft_high is not None else self.high
        return min(max(value, low), high)


def quantity(
    low: float,
    high: float,
    unit: str,
    sentence: str,
    *,
    scale: Scale = "linear",
    soft: tuple[float, float] | None = None,
) -> FieldInfo:
    """Annotation of an effect's field: `threshold_db: Annotated[float, quantity(-60, 0, "dB", "...")] = -18.0`.

    The value must be finite and within [low, high]; out of it, pydantic's ValidationError.
    """
    meta = Quantity(low, high, unit, sentence, scale, *(soft or (None, None)))
    info: FieldInfo = Field(
        ge=low, le=high, allow_inf_nan=False, description=sentence, json_schema_extra={"unit": unit}
    )
    info.metadata.append(meta)
    return info


def quantity_of(info: FieldInfo) -> Quantity | None:
    """The Quantity of a pydantic field, if it was declared with one."""
    return next((item for item in info.metadata if isinstance(item, Quantity)), None)
