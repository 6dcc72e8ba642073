"""Which steps of a plan sound where, and what each of them is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bridge.effects.effect import Effect
from bridge.errors import BadPlan, PluginFailed
from bridge.planning.plan import Plan, Step

INPUT = "input"
MIX = "mix"


@dataclass(frozen=True)
class Placed:
    """A step that is heard, with its effect."""

    step: Step
    effect: Effect

    @property
    def name(self) -> str:
        """For messages: "step s2 (reverb)"."""
        return f"step {self.step.id} ({self.step.effect})"


@contextmanager
def naming(step: Step) -> Iterator[None]:
    """What a plugin fails at within this is known to be this step."""
    try:
        yield
    except PluginFailed as error:
        error.step = error.step or step.id
        raise


def effect_of(step: Step) -> Effect:
    """The step's effect. Raises BadPlan in one line for an unknown effect or settings out of their spans."""
    from pydantic import ValidationError

    from bridge.effects import BY_NAME

    kind = BY_NAME.get(step.effect)
    if kind is None:
        raise BadPlan(f"Step {step.id}: there is no effect {step.effect!r}; `dawbridge effects` lists them.")
    try:
        return kind.model_validate(step.parameters)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "parameters"
        raise BadPlan(f"Step {step.id} ({step.effect}): {where}: {first['msg']}.") from error


def placed(plan: Plan, where: Collection[str]) -> tuple[Placed, ...]:
    """The heard steps (enabled, wet above 0) at any of the places, in order. Raises BadPlan."""
    return tuple(
        _whole_where_it_must(Placed(step, effect_of(step)))
        for step in plan.steps
        if step.enabled and step.wet > 0 and step.where in where
    )


def _whole_where_it_must(item: Placed) -> Placed:
    """Raises BadPlan for a step that changes time in a part of the sound: the rest would fall out of step with it."""
    step = item.step
    if not item.effect.retimes or (step.wet >= 1 and step.region is None and step.part == "all"):
        return item
    half = (
        "in a region" if step.region else f"with wet {step.wet:g}" if step.wet < 1 else f"on the {step.part}"
    )
    raise BadPlan(
        f"Step {step.id} ({step.effect}) changes how long the sound is, so it works on all of it and not {half}: "
        "dry and wet sound would drift apart."
    )


def at_input(plan: Plan) -> tuple[Placed, ...]:
    """The steps for one sound alone, which is its own mix. Raises BadPlan for a step at a stem."""
    for step in plan.steps:
        if step.enabled and step.where not in (INPUT, MIX):
            raise BadPlan(
                f"Step {step.id} ({step.effect}) wants the stem {step.where!r}, but there is one sound only."
            )
    return placed(plan, (INPUT, MIX))


def at_stem(plan: Plan, name: str, names: Collection[str]) -> tuple[Placed, ...]:
    """The steps for one of several stems: those at its name and those at "input", which means each of them; for the
    stems' "mix" those at "mix"."""
    for step in plan.steps:
        if step.enabled and step.where not in (INPUT, MIX, *names):
            raise BadPlan(
                f"Step {step.id} ({step.effect}) wants the stem {step.where!r}; there are {', '.join(sorted(names))}."
            )
    return placed(plan, (MIX,) if name == MIX else (INPUT, name))
