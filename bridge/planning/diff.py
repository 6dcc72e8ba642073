"""diff(a, b): what changed from one plan to another, as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from bridge.planning.plan import Plan, Step, Tail
from bridge.planning.value import Value


class Change(Value):
    """path: "parameters.bands.0.gain_db", "enabled", "order". old is None where the step was added.

    step "tail", of no effect: what becomes of the sound after the end; "" where a plan leaves that to who renders it.
    """

    kind: Literal["added", "removed", "changed"]
    step: str
    effect: str
    path: str = ""
    old: Any = None
    new: Any = None

    def sentence(self) -> str:
        if self.kind != "changed":
            return f"{self.step} ({self.effect}) {self.kind}"
        if not self.effect:
            return f"{self.step}: {self.old or 'as usual'} -> {self.new or 'as usual'}"
        return f"{self.step} {self.path.removeprefix('parameters.')}: {self.old} -> {self.new}"


def diff(a: Plan, b: Plan) -> tuple[Change, ...]:
    """Steps are matched by id; words, reasons and evidence are not compared."""
    old, new = {step.id: step for step in a.steps}, {step.id: step for step in b.steps}
    removed = [Change(kind="removed", step=s.id, effect=s.effect) for key, s in old.items() if key not in new]
    added = [Change(kind="added", step=s.id, effect=s.effect) for key, s in new.items() if key not in old]
    changed = [change for key, step in new.items() if key in old for change in _step(old[key], step)]
    return (*removed, *added, *changed, *_order(list(old), list(new), new), *_tail(a.tail, b.tail))


def _tail(old: Tail | None, new: Tail | None) -> Iterator[Change]:
    said = [tail.sentence() if tail else "" for tail in (old, new)]
    if said[0] != said[1]:
        yield Change(kind="changed", step="tail", effect="", path="tail", old=said[0], new=said[1])


def _step(one: Step, two: Step) -> Iterator[Change]:
    fields = {"effect", "where", "part", "parameters", "region", "enabled", "wet"}
    left, right = one.model_dump(mode="json", include=fields), two.model_dump(mode="json", include=fields)
    for path, old, new in _values("", left, right):
        yield Change(kind="changed", step=two.id, effect=two.effect, path=path, old=old, new=new)


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
    before, after = [key for key in old if key in steps], [key for key in new if key in old]
    for key in after:
        if before.index(key) != after.index(key):
            yield Change(
                kind="changed", step=key, effect=steps[key].effect, path="order",
                old=before.index(key), new=after.index(key),
            )  # fmt: skip
