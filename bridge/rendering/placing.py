"""Which steps of a plan sound where, and what each of them is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bridge.effects.effect import Effect
from bridge.errors import BadPlan, PluginFailed
from bridge.planning.place import INPUT, MIX
from bridge.planning.plan import Plan, Step


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


def at_stem(plan: Plan, name: str, stems: Collection[str]) -> tuple[Placed, ...]:
    """The steps for one of several stems: those at its name and those at "input", which means each of them; for a bus
    those at its name, for the stems' "mix" those at "mix". Raises BadPlan."""
    buses = [bus.name for bus in plan.buses]
    for step in plan.steps:
        if step.enabled and step.where not in (INPUT, MIX, *buses, *stems):
            raise BadPlan(
                f"Step {step.id} ({step.effect}) wants the stem {step.where!r}; there are {', '.join(sorted(stems))}."
            )
    return placed(plan, (name,) if name in (MIX, *buses) else (INPUT, name))


def working_buses(plan: Plan, stems: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The buses that have steps, with their stems. Raises BadPlan for one that cannot be."""
    found: dict[str, tuple[str, ...]] = {}
    for bus in plan.buses:
        unknown = [name for name in bus.stems if name not in stems]
        if unknown or bus.name in (INPUT, MIX, *stems, *found):
            what = f"there is no stem {unknown[0]!r}" if unknown else "something else has that name"
            raise BadPlan(f"Bus {bus.name}: {what}; there are {', '.join(sorted(stems))}.")
        shared = [name for name in bus.stems if any(name in others for others in found.values())]
        if not placed(plan, (bus.name,)):
            continue
        if shared:
            raise BadPlan(f"Bus {bus.name}: the stem {shared[0]!r} goes through another bus already.")
        found[bus.name] = bus.stems
    return found


def mixed(plan: Plan, stems: Collection[str]) -> tuple[str, ...]:
    """What the mix is the sum of: buses that have steps, and the stems that go through none of them."""
    buses = working_buses(plan, stems)
    inside = {name for members in buses.values() for name in members}
    return (*(name for name in stems if name not in inside), *buses)
