"""Edits of the plan that stand beside its wishes: the same elsewhere, only this, off and on, the order, one band."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.effects import BY_NAME
from bridge.effects.effect import LAST_WORD
from bridge.planning.bench import Bench
from bridge.planning.intent import Intent
from bridge.planning.plan import Step

EDITS = ("same", "only", "switch", "order", "refine")


def worked_in(intents: list[Intent], edit: Intent, latest: list[Intent]) -> list[Intent] | str:
    """The intents after the edit, or why it cannot be."""
    if edit.operation == "same":
        return _same(intents, edit, latest)
    if edit.operation == "only":
        return _only(intents, edit)
    if edit.operation == "switch":
        kept = [item for item in intents if (item.operation, item.subject) != ("switch", edit.subject)]
        return kept if edit.given.get("on") else [*kept, edit]
    if edit.operation == "order":
        return [*(item for item in intents if item.operation != "order" or _pair(item) != _pair(edit)), edit]
    return _refined(intents, edit)


def _pair(order: Intent) -> frozenset[str]:
    return frozenset((order.subject, *(str(value) for value in order.given.values())))


def _same(intents: list[Intent], edit: Intent, latest: list[Intent]) -> list[Intent] | str:
    if not latest:
        return f'"{edit.words}": there is nothing before it that could be done there too.'
    moved = [item.model_copy(update={"where": edit.where}) for item in latest if item.operation not in EDITS]
    kept = [item for item in intents if item not in latest] if edit.given.get("move") else list(intents)
    return [*kept, *(item for item in moved if item not in kept)]


_OF_EFFECTS = ("effect", "auto", "play")


def _only(intents: list[Intent], edit: Intent) -> list[Intent]:
    wanted = edit.subject.split("|")
    return [
        item
        for item in intents
        if (item.operation in _OF_EFFECTS and item.subject in wanted)
        or (item.operation == "band" and "equalizer" in wanted)
        or (item.operation in ("level", "staging") and "gain" in wanted)
        or (item.operation == "target" and "loudness" in wanted)
        or (item.operation == "descriptor" and any(name in wanted for name in ("equalizer",)))
        or item.operation == "keep"
        or (item.operation in ("order", "switch") and _pair(item) <= {*wanted})
    ]


def _refined(intents: list[Intent], edit: Intent) -> list[Intent] | str:
    given = dict(edit.given)
    at = float(given.pop("at_hz", 0.0))
    out, found = [], False
    for item in intents:
        here = item.operation == "band" and item.where == edit.where and item.given.get("frequency_hz") == at
        found = found or here
        if not here:
            out.append(item)
        elif "remove" not in given:
            words = f"{item.words}; {edit.words}"
            out.append(item.model_copy(update={"given": item.given | given, "words": words}))
    return out if found else f'"{edit.words}": no band stands at {at:g} Hz.'


def switched(steps: Iterable[Step], intents: Iterable[Intent]) -> list[Step]:
    """Steps that were switched off stay in the plan and are not heard."""
    off = {(item.subject, item.where) for item in intents if item.operation == "switch"}
    names = {subject for subject, _ in off}
    return [step.model_copy(update={"enabled": False}) if step.effect in names else step for step in steps]


def in_their_order(bench: Bench, steps: list[Step], intents: Iterable[Intent]) -> list[Step]:
    """Steps as far as the words put one before or after another. Loudness and limiting stay last."""
    for order in intents:
        if order.operation == "order":
            steps = _moved(bench, steps, order)
    return steps


def _moved(bench: Bench, steps: list[Step], order: Intent) -> list[Step]:
    way, other = next(iter(order.given.items()))
    places = [index for index, step in enumerate(steps) if step.effect == order.subject]
    others = [index for index, step in enumerate(steps) if step.effect == other]
    if other == "limiter" and not others:
        others = [index for index, step in enumerate(steps) if step.effect == "loudness"]
    if not places or not others:
        return steps
    last = [name for name in (order.subject, steps[others[0]].effect) if BY_NAME[name].stage in LAST_WORD]
    if last:
        bench.warnings.append(
            f'"{order.words}": {last[0].replace("_", " ")} stays last, so that nothing passes the ceiling after it.'
        )
        return steps
    moved = [steps[index] for index in places]
    kept = [step for index, step in enumerate(steps) if index not in places]
    same = [index for index, step in enumerate(kept) if step.effect == other and step.where == moved[0].where]
    if not same:
        return steps
    at = same[-1] + 1 if way == "after" else same[0]
    return [*kept[:at], *moved, *kept[at:]]
