"""The clamper: every number of every plan passes here, whoever said it, and comes out inside its span."""

from __future__ import annotations

import math
import types
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bridge.effects import BY_NAME
from bridge.effects.quantity import Quantity, quantity_of
from bridge.errors import BadPlan

_USABLE_OF_RATE = 0.45


@dataclass
class Clamped:
    """parameters: as the effect's own model has them. held: path -> the number that was asked for. warnings: of numbers
    that the user named; remarks: of those that what was asked for came to."""

    parameters: dict[str, Any]
    description: str = ""
    held: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Named:
    """Paths of numbers that soft spans do not hold: said by the user, or judged to be needed."""

    said: frozenset[str]
    judged: frozenset[str]


def clamp(
    effect: str,
    parameters: Mapping[str, Any],
    said: Collection[str] = (),
    rate: int = 0,
    judged: Collection[str] = (),
) -> Clamped:
    """Parameters held within the effect's spans and completed by its defaults.

    said: paths of numbers that the user named ("ratio", "bands.0.gain_db"): they may leave the soft span, never the
    hard one. judged: those of them that nobody named, because what was asked for came to them. rate in Hz bounds
    frequencies. Raises BadPlan where what is left is no such effect.
    """
    kind = BY_NAME[effect]
    out = Clamped({})
    out.parameters = _model(kind, parameters, _Named(frozenset(said), frozenset(judged)), rate, "", out)
    try:
        made = kind.model_validate(out.parameters)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadPlan(f"{effect}: {place}: {first['msg']}.") from None
    out.parameters, out.description = made.parameters(), made.describe()
    return out


def _model(
    kind: type[BaseModel], values: Mapping[str, Any], said: _Named, rate: int, path: str, out: Clamped
) -> dict[str, Any]:
    clamped: dict[str, Any] = {}
    for name, value in values.items():
        info = kind.model_fields.get(name)
        place = f"{path}{name}"
        inner = inner_model(info.annotation) if info else None
        if inner is not None and isinstance(value, (list, tuple)):
            clamped[name] = [
                _model(inner, item, said, rate, f"{place}.{index}.", out) for index, item in enumerate(value)
            ]
        elif info is not None and (quantity := quantity_of(info)) and _is_number(value):
            clamped[name] = _number(place, float(value), quantity, said, rate, out)
        else:
            clamped[name] = value
    return clamped


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def inner_model(annotation: object) -> type[BaseModel] | None:
    """The model that a tuple or list of models holds."""
    if get_origin(annotation) in (Union, types.UnionType):
        return None
    found = [item for item in get_args(annotation) if isinstance(item, type) and issubclass(item, BaseModel)]
    return found[0] if found else None


def _number(place: str, value: float, quantity: Quantity, named: _Named, rate: int, out: Clamped) -> float:
    if not math.isfinite(value):
        raise BadPlan(f"{place}: {value} is no number.")
    said = place in named.said
    held = quantity.clamp(value, soft=not said)
    if quantity.unit == "Hz" and rate:
        held = min(held, max(quantity.low, _USABLE_OF_RATE * rate))
    held = round(held, 3)
    name = place.rsplit(".", 1)[-1]
    if abs(held - value) > 0.0011:
        out.held[place] = value
    if place in named.judged:
        out.remarks += _remarked(name, value, held, quantity)
    elif said and abs(held - value) > 0.0011:  # of other numbers nobody has heard
        out.warnings.append(f"{name} {value:g} is held at {held:g} {quantity.unit}".rstrip() + ".")
    elif said and quantity.clamp(value, soft=True) != value:
        size = f"{value:g} {quantity.unit}".rstrip()
        out.warnings.append(f"{name} {size} is more than usual; taken because what was asked for needs it.")
    return held


def _remarked(name: str, value: float, held: float, quantity: Quantity) -> list[str]:
    """What who reads the step should know of a number that nobody named."""
    if abs(held - value) > 0.0011:
        return [f"{name} {value:g} is held at {held:g} {quantity.unit}".rstrip()]
    if quantity.clamp(value, soft=True) != value:
        return [f"{name} {value:g} {quantity.unit}".rstrip() + " is more than usual"]
    return []
