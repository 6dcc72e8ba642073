"""Plans from outside (a file, a script, another version) -> Plan, or BadPlan that names step, field and span."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bridge.effects import BY_NAME
from bridge.effects.quantity import Quantity, quantity_of
from bridge.errors import BadPlan
from bridge.planning.nearest import nearest
from bridge.planning.part import divisible
from bridge.planning.plan import SCHEMA, Plan, Step

MOST_STEPS = 64
_DEEPEST = 12


def plan_from_json(data: object) -> Plan:
    """The plan that `data` describes, every parameter held against its effect's own model.

    Raises BadPlan with one line: which step, which field, its span, and the nearest name.
    """
    if not isinstance(data, Mapping):
        raise BadPlan(f"A plan is a JSON object, not {type(data).__name__}.")
    if "plan" in data and "steps" not in data and isinstance(data["plan"], Mapping):
        data = data["plan"]  # the outcome of `plan --json` holds the plan
    _schema(data)
    _finite(data, "plan", 0)
    steps = data.get("steps", [])
    if not isinstance(steps, list):
        raise BadPlan("Plan: steps is a list.")
    if len(steps) > MOST_STEPS:
        raise BadPlan(f"Plan: {len(steps)} steps; at most {MOST_STEPS} are rendered.")
    checked = [step_from_json(item, index) for index, item in enumerate(steps)]
    _distinct(checked)
    rest = {key: value for key, value in data.items() if key not in ("steps", "schema")}
    return _made(rest, checked)


def step_from_json(data: object, index: int = 0) -> Step:
    """One step, with its parameters completed by the effect's defaults."""
    if not isinstance(data, Mapping):
        raise BadPlan(f"Step {index + 1}: a step is a JSON object, not {type(data).__name__}.")
    name = f"Step {' '.join(str(data.get('id') or index + 1).split())[:60]}"
    effect = data.get("effect")
    if not isinstance(effect, str) or effect not in BY_NAME:
        near = nearest(str(effect), BY_NAME)
        raise BadPlan(
            f"{name}: there is no effect {str(effect)[:60]!r}{_mean(near)}; `dawbridge effects` lists them."
        )
    parameters = _parameters(name, effect, data.get("parameters", {}))
    try:
        step = Step.model_validate({"id": f"{effect}-{index + 1}", **data, "parameters": parameters})
    except ValidationError as error:
        raise BadPlan(f"{name} ({effect}): {_first(error, Step)}.") from None
    if step.region is not None and step.region.end_s <= step.region.start_s:
        raise BadPlan(f"{name} ({effect}): region ends at {step.region.end_s:g} s, before it starts.")
    if step.part != "all" and not divisible(BY_NAME[effect]):
        raise BadPlan(f"{name} ({effect}): works on all of a sound, part {step.part!r} is not possible.")
    return step


def _schema(data: Mapping[Any, Any]) -> None:
    version = data.get("schema", SCHEMA)
    if version != SCHEMA or isinstance(version, bool):
        raise BadPlan(
            f"The plan has schema {str(version)[:20]}, this dawbridge reads schema {SCHEMA}; "
            "make it anew with `dawbridge plan`."
        )


def _finite(value: object, path: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise BadPlan(f"{path[:80]}: nested too deeply for a plan.")
    if isinstance(value, float) and not math.isfinite(value):
        raise BadPlan(f"{path}: {value} is no number that can be heard.")
    if isinstance(value, Mapping):
        for key, item in value.items():
            _finite(item, f"{path}.{key}", depth + 1)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _finite(item, f"{path}[{index}]", depth + 1)


def _parameters(name: str, effect: str, data: object) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise BadPlan(f"{name} ({effect}): parameters is an object of names and values.")
    _numbers(f"{name} ({effect})", BY_NAME[effect], data)
    try:
        return BY_NAME[effect].model_validate(dict(data)).parameters()
    except ValidationError as error:
        raise BadPlan(f"{name} ({effect}): {_first(error, BY_NAME[effect])}.") from None


def _numbers(name: str, kind: type[BaseModel], data: Mapping[Any, Any]) -> None:
    """Text and true are no numbers, though pydantic would take them for some."""
    for key, value in data.items():
        info = kind.model_fields.get(str(key))
        if info is not None and quantity_of(info) is not None and isinstance(value, (str, bool)):
            raise BadPlan(f"{name}: {key} is a number, not {str(value)[:40]!r}.")


def _first(error: ValidationError, kind: type[BaseModel]) -> str:
    """The first of pydantic's complaints in the words of the effect: field, value, span, nearest name."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    field, quantity = str(first["loc"][-1]) if first["loc"] else "", _quantity(kind, first["loc"])
    if first["type"] == "extra_forbidden":
        owner = _owner(kind, first["loc"])
        return f"there is no {place[:60]!r}{_mean(nearest(field, owner.model_fields))}"
    if first["type"] == "missing":
        return f"{place} is missing"
    if first["type"] == "value_error":  # our own sentence, which needs no value beside it
        return first["msg"].removeprefix("Value error, ")
    value = str(first.get("input"))[:40]
    if quantity is not None:
        return (
            f"{place} is {value}, its span is {quantity.low:g} to {quantity.high:g} {quantity.unit}".rstrip()
        )
    return f"{place} is {value}: {first['msg'][:1].lower()}{first['msg'][1:]}"


def _owner(kind: type[BaseModel], place: tuple[int | str, ...]) -> type[BaseModel]:
    """The model in which the last part of the place stands."""
    from bridge.planning.clamp import inner_model

    for part in place[:-1]:
        info = kind.model_fields.get(str(part))
        found = inner_model(info.annotation) if info else None
        kind = found or kind
    return kind


def _quantity(kind: type[BaseModel], place: tuple[int | str, ...]) -> Quantity | None:
    info = _owner(kind, place).model_fields.get(str(place[-1])) if place else None
    return quantity_of(info) if info else None


def _mean(near: str | None) -> str:
    return f"; did you mean {near}?" if near else ""


def _distinct(steps: list[Step]) -> None:
    seen: set[str] = set()
    for step in steps:
        if step.id in seen:
            raise BadPlan(f"Step {step.id}: two steps have this id.")
        seen.add(step.id)


def _made(rest: dict[str, Any], steps: list[Step]) -> Plan:
    try:
        plan = Plan.model_validate({**rest, "steps": steps})
    except ValidationError as error:
        raise BadPlan(f"Plan: {_first(error, Plan)}.") from None
    return plan.with_id()
