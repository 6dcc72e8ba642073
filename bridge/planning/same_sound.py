"""Whether a turn has changed what will be heard: the same steps with another reason are the same sound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from bridge.effects import BY_NAME
from bridge.planning.intent import Intent
from bridge.planning.plan import Plan, Step

_NOTHING_MORE = "nothing changes by that: it is in the plan already, as far as it goes"
_TOLD = 2
"""Steps that an answer names."""
_STRONGER = ("again", "effect", "descriptor", "auto")


def only_stronger(intents: Iterable[Intent]) -> bool:
    """Whether a turn only asks for more or less of something; what shall be kept, and who plays, is for later turns
    too."""
    found = list(intents)
    return bool(found) and all(intent.operation in _STRONGER for intent in found)


def nothing_more(request: str, plan: Plan) -> str:
    """Why nothing changes, with the numbers at which the steps stand that were spoken of last."""
    last = max((step.turn for step in plan.steps), default=0)
    at = [describe_step(step) for step in plan.steps if step.turn == last and step.enabled][:_TOLD]
    return f'"{request.strip()}": {_NOTHING_MORE} ({"; ".join(at)}); say a number to go on.'


def describe_step(step: Step) -> str:
    """ "compressor 3:1 at -18 dBFS", as the effect itself says it."""
    name = step.effect.replace("_", " ")
    try:
        return f"{name}: {BY_NAME[step.effect].model_validate(step.parameters).describe()}"
    except (KeyError, ValidationError):
        return name


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
