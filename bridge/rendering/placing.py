"""Which steps of a plan sound where, and what each of them is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bridge.effects.effect import Effect
from bridge.errors import BadPlan
from bridge.planning.plan import Plan, Step
from bridge.units import frames_from_s

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

    def tail_frames(self, rate: int) -> int:
        """Frames by which it makes the sound longer. None in a region: outside of it nothing changes."""
        return 0 if self.step.region else frames_from_s(self.effect.tail_s(), rate)


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
        Placed(step, effect_of(step))
        for step in plan.steps
        if step.enabled and step.wet > 0 and step.where in where
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
    """The steps for one of several stems: those at its name and those at "input", which means each of them."""
    for step in plan.steps:
        if step.enabled and step.where not in (INPUT, MIX, *names):
            raise BadPlan(
                f"Step {step.id} ({step.effect}) wants the stem {step.where!r}; there are {', '.join(sorted(names))}."
            )
    return placed(plan, (INPUT, name))


def frames_after(steps: tuple[Placed, ...], frames: int, rate: int) -> int:
    """How long a sound of `frames` is after the steps."""
    return frames + sum(item.tail_frames(rate) for item in steps)
