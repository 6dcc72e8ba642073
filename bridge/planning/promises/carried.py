"""What a second round has made stronger stays so in the turns that follow: "even more" is more than what was heard, and
not more than what was planned first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bridge.planning.clamp import clamp
from bridge.planning.dose import NONE_OF_IT
from bridge.planning.intent import Intent
from bridge.planning.plan import Plan, Step

_MOVED = ("threshold_db",)
"""Numbers that a round shifts instead of scaling."""


def carried(steps: Iterable[Step], previous: Plan | None, intents: Iterable[Intent]) -> tuple[Step, ...]:
    """The steps, each as much stronger than its wish alone as the step of the plan before was. Numbers that the words
    named are as they were named."""
    stronger = {step.id: step for step in (previous.steps if previous else ()) if step.planned is not None}
    named = {(item.subject, item.where, name) for item in intents for name in item.given}
    return tuple(
        _as_strong(step, stronger[step.id], {n for e, w, n in named if (e, w) == (step.effect, step.where)})
        if step.id in stronger and stronger[step.id].effect == step.effect
        else step
        for step in steps
    )


def _as_strong(step: Step, before: Step, named: set[str]) -> Step:
    made = _numbers(step.parameters, before.planned or {}, before.parameters, named)
    if made == step.parameters:
        return step
    held = clamp(step.effect, made)
    told = step.reason.rstrip(".").rsplit(": ", 1)[0]
    reason = f"{told}; as strong as the second round has made it: {held.description}."
    changed = {"parameters": held.parameters, "planned": step.parameters, "reason": reason}
    return step.model_copy(update=changed)


def _numbers(
    now: Mapping[str, Any], planned: Mapping[str, Any], was: Mapping[str, Any], named: set[str]
) -> dict[str, Any]:
    made = dict(now)
    for name in made.keys() & planned.keys() & was.keys() - named:
        if planned[name] == was[name]:
            continue
        if name == "bands":
            made[name] = _bands(made[name], planned[name], was[name])
        elif all(_is_number(each[name]) for each in (made, planned, was)):
            made[name] = _number(name, float(made[name]), float(planned[name]), float(was[name]))
    return made


def _bands(now: Iterable[Mapping[str, Any]], planned: Any, was: Any) -> list[dict[str, Any]]:
    """Each band by its place in the spectrum."""
    pairs = {
        one.get("frequency_hz"): (one, two)
        for one, two in zip(planned, was, strict=False)
        if one.get("kind") == two.get("kind") and one.get("frequency_hz")
    }
    return [
        _numbers(band, *pairs[band["frequency_hz"]], set())
        if band.get("frequency_hz") in pairs
        else dict(band)
        for band in now
    ]


def _number(name: str, now: float, planned: float, was: float) -> float:
    none = NONE_OF_IT.get(name, 0.0)
    if now == planned or planned == none:
        return was
    if name in _MOVED:
        return round(now + was - planned, 3)
    return round(none + (now - none) * (was - none) / (planned - none), 3)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
