"""diff(a, b): what changed from one plan to another, as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel

from bridge.planning.plan import Plan, Step, Tail
from bridge.planning.value import Value


class Change(Value):
    """path: "parameters.bands.0.gain_db", "enabled", "order". unit: of both values. old is None where something came
    in, new where it went; of a step as a whole the other one is its description.

    step "tail" and "buses", of no effect: what becomes of the sound after the end, "" where a plan leaves that to who
    renders it; and which stems are summed.
    """

    kind: Literal["added", "removed", "changed"]
    step: str
    effect: str
    path: str = ""
    old: Any = None
    new: Any = None
    unit: str = ""

    def sentence(self) -> str:
        """ "equalizer-1 bands.0.gain_db: -3 dB -> -4.5 dB", "limiter-1 (limiter) added: ceiling -1.0 dBTP"."""
        if self.kind != "changed":
            told = self.new if self.kind == "added" else self.old
            return f"{self.step} ({self.effect}) {self.kind}{f': {told}' if told else ''}"
        if not self.effect:
            return f"{self.step}: {self.old or 'as usual'} -> {self.new or 'as usual'}"
        if self.path == "order":
            return f"{self.step} moved from place {self.old + 1} to {self.new + 1}"
        path = self.path.removeprefix("parameters.")
        return f"{self.step} {path}: {_said(self.old, self.unit)} -> {_said(self.new, self.unit)}"


def _said(value: Any, unit: str) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (int, float)):
        return f"{value:g} {unit}".rstrip()
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(each, '')}" for key, each in value.items())
    return str(value)


def diff(a: Plan, b: Plan) -> tuple[Change, ...]:
    """Steps are matched by id; words, reasons and evidence are not compared."""
    old, new = {step.id: step for step in a.steps}, {step.id: step for step in b.steps}
    gone = [step for key, step in old.items() if key not in new]
    come = [step for key, step in new.items() if key not in old]
    removed = [Change(kind="removed", step=s.id, effect=s.effect, old=_described(s)) for s in gone]
    added = [Change(kind="added", step=s.id, effect=s.effect, new=_described(s)) for s in come]
    changed = [change for key, step in new.items() if key in old for change in _step(old[key], step)]
    rest = (*_order(list(old), list(new), new), *_tail(a.tail, b.tail), *_buses(a, b))
    return (*removed, *added, *changed, *rest)


def _described(step: Step) -> str | None:
    """What it does in one line; None where its effect is not known here."""
    from pydantic import ValidationError

    from bridge.effects import BY_NAME

    try:
        said = BY_NAME[step.effect].model_validate(step.parameters).describe()
    except (KeyError, ValidationError):
        return None
    return said if step.where == "input" else f"on {step.where}, {said}"


def _buses(a: Plan, b: Plan) -> Iterator[Change]:
    old, new = ("; ".join(f"{bus.name}: {', '.join(bus.stems)}" for bus in plan.buses) for plan in (a, b))
    if old != new:
        yield Change(kind="changed", step="buses", effect="", path="buses", old=old, new=new)


def _tail(old: Tail | None, new: Tail | None) -> Iterator[Change]:
    said = [tail.sentence() if tail else "" for tail in (old, new)]
    if said[0] != said[1]:
        yield Change(kind="changed", step="tail", effect="", path="tail", old=said[0], new=said[1])


def _step(one: Step, two: Step) -> Iterator[Change]:
    fields = {"effect", "where", "part", "parameters", "region", "enabled", "wet"}
    left, right = one.model_dump(mode="json", include=fields), two.model_dump(mode="json", include=fields)
    for path, old, new in _values("", left, right):
        unit = _unit(two.effect, path)
        yield Change(kind="changed", step=two.id, effect=two.effect, path=path, old=old, new=new, unit=unit)


def _unit(effect: str, path: str) -> str:
    """As the effect declares it for this parameter, or for this one of its bands."""
    from bridge.effects import BY_NAME
    from bridge.effects.quantity import quantity_of
    from bridge.planning.clamp import inner_model

    kind: type[BaseModel] | None = BY_NAME.get(effect)
    names = [name for name in path.split(".")[1:] if not name.isdigit()]
    for name in names[:-1]:
        info = kind.model_fields.get(name) if kind is not None else None
        kind = inner_model(info.annotation) if info is not None else None
    info = kind.model_fields.get(names[-1]) if kind is not None and names else None
    quantity = quantity_of(info) if info is not None else None
    if path.startswith("region."):
        return {"start_s": "s", "end_s": "s", "fade_ms": "ms"}.get(names[-1] if names else "", "")
    return quantity.unit if quantity is not None else ""


def _values(path: str, one: Any, two: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(one, dict) and isinstance(two, dict):
        for key in dict.fromkeys((*one, *two)):
            yield from _values(f"{path}.{key}" if path else key, one.get(key), two.get(key))
    elif isinstance(one, list) and isinstance(two, list):
        for index in range(max(len(one), len(two))):
            at = [items[index] if index < len(items) else None for items in (one, two)]
            yield from _values(f"{path}.{index}", at[0], at[1])
    elif one != two:
        yield path, one, two


def _order(old: list[str], new: list[str], steps: dict[str, Step]) -> Iterator[Change]:
    """Of steps in both, those that left their place among the others: as few as explain the new order."""
    before, after = [key for key in old if key in steps], [key for key in new if key in old]
    stayed = _rising([before.index(key) for key in after])
    for place, key in enumerate(after):
        if before.index(key) not in stayed:
            yield Change(
                kind="changed",
                step=key,
                effect=steps[key].effect,
                path="order",
                old=before.index(key),
                new=place,
            )


def _rising(places: list[int]) -> set[int]:
    """The longest run of places that rise, not side by side; the first found of several."""
    best: list[list[int]] = []
    for place in places:
        before = max((len(run), run) for run in [[], *best] if not run or run[-1] < place)[1]
        best.append([*before, place])
    return set(max(((len(run), run) for run in best), default=(0, []))[1])
