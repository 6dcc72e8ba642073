"""Whether a turn has changed what will be heard: the same steps with another reason are the same sound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bridge.planning.intent import Intent
from bridge.planning.plan import Plan, Step

NOTHING_MORE = "nothing changes by that: it is in the plan already, as far as it goes; say a number to go on."
_STRONGER = ("again", "effect", "descriptor", "auto")


def only_stronger(intents: Iterable[Intent]) -> bool:
    """Whether a turn only asks for more or less of something; what shall be kept, and who plays, is for later turns
    too."""
    found = list(intents)
    return bool(found) and all(intent.operation in _STRONGER for intent in found)


def same_sound(one: Plan, two: Plan) -> bool:
    """Whether two plans sound the same, whatever they say of why."""
    return one.tail == two.tail and one.buses == two.buses and _heard(one) == _heard(two)


def _heard(plan: Plan) -> list[tuple[Any, ...]]:
    return [
        (step.effect, step.where, step.part, step.region, step.wet, step.enabled, _parameters(step))
        for step in plan.steps
    ]


def _parameters(step: Step) -> dict[str, Any]:
    """Without a make-up that is measured anyway."""
    measured = step.parameters.get("auto_makeup")
    return {name: value for name, value in step.parameters.items() if not (measured and name == "makeup_db")}
