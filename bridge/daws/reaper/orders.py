"""Orders: a plan as what a ReaScript shall set on REAPER's own effects; and the account that it gives of it.

The script looks at what is on the track, takes what can do a step, inserts what is missing, and reads everything back.
"""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, ValidationError

from bridge.daws.moves import not_here
from bridge.daws.written import Applied, Undone
from bridge.effects import BY_NAME
from bridge.errors import BadRequest
from bridge.planning.plan import Plan
from bridge.planning.value import Value

SCHEMA = 1


class Wanted(Value):
    """One parameter. names: what versions call it. value: as it shall be displayed, in `unit`; relative: on top of what
    is set now. of: our parameter and its value."""

    names: tuple[str, ...]
    value: float
    unit: str = ""
    of: str = ""
    relative: bool = False

    def relative_to_present(self) -> Self:
        return self.model_copy(update={"relative": True})


class Band(Value):
    """One band of ReaEQ. type: REAPER's number of its kind. gain_db: None for a pass."""

    type: int
    frequency_hz: float
    gain_db: float | None
    octaves: float
    of: str


class Choice(Value):
    """One device that can do a step. insert: what REAPER knows it by; empty where it is always there.
    left: what of the step it cannot do."""

    device: str
    insert: str = ""
    settings: tuple[Wanted, ...] = ()
    bands: tuple[Band, ...] = ()
    left: tuple[str, ...] = ()


class Order(Value):
    """One step. where: "input", a stem or "mix", as in the plan."""

    step: str
    effect: str
    where: str
    choices: tuple[Choice, ...]


class Orders(Value):
    """A whole plan. left: steps that REAPER's own effects cannot do."""

    schema_: int = Field(default=SCHEMA, alias="schema", serialization_alias="schema")
    daw: str = "reaper"
    plan: str = ""
    orders: tuple[Order, ...] = ()
    left: tuple[Undone, ...] = ()


def orders_of(plan: Plan) -> Orders:
    from bridge.daws.reaper.devices import choices

    orders: list[Order] = []
    left: list[Undone] = []
    for step in plan.steps:
        if not step.enabled:
            continue
        effect = BY_NAME[step.effect].model_validate(step.parameters)
        found = tuple(choices(effect))
        why = not_here(step, found)
        if why:
            left.append(Undone(step=step.id, effect=step.effect, reason=why))
        else:
            orders.append(Order(step=step.id, effect=step.effect, where=step.where, choices=found))
    return Orders(plan=plan.id, orders=tuple(orders), left=tuple(left))


def account(id: str, told: object) -> Applied:
    """What a script reports, checked. Raises BadRequest where it is no account."""
    if not isinstance(told, dict) or set(told) - _TOLD:
        raise BadRequest(f"account_json must be an object of {', '.join(sorted(_TOLD))}.")
    content: dict[str, Any] = {**told, "id": id, "daw": "reaper"}
    try:
        return Applied.model_validate(content)
    except (ValidationError, RecursionError):
        raise BadRequest("account_json is no account of what was set.") from None


_TOLD = {"plan", "written", "left", "warnings"}
