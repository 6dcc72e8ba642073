"""Edits of the plan that stand beside its wishes: the same elsewhere, only this, off and on, the order, one band."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.effects import BY_NAME
from bridge.effects.effect import LAST_WORD
from bridge.planning.bench import Bench
from bridge.planning.intent import Intent, Span
from bridge.planning.place import INPUT, MIX
from bridge.planning.plan import Step

EDITS = ("same", "only", "switch", "order", "refine", "during", "halfway", "restore")


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
    if edit.operation == "during":
        return _during(intents, edit, latest)
    return _refined(intents, edit) if edit.subject == "band" else _renumbered(intents, edit)


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


def _renumbered(intents: list[Intent], edit: Intent) -> list[Intent] | str:
    """Another number for the last level, or the last wish for an effect."""
    operation, _, subject = edit.subject.partition(":")
    hits = [
        index
        for index, item in enumerate(intents)
        if item.operation == operation and item.subject == subject and item.where == edit.where
    ]
    if not hits:
        return f'"{edit.words}": nothing in the plan has that number.'
    last = intents[hits[-1]]
    changed = last.model_copy(
        update={"given": last.given | edit.given, "words": f"{last.words}; {edit.words}"}
    )
    return [changed if index == hits[-1] else item for index, item in enumerate(intents)]


def _during(intents: list[Intent], edit: Intent, latest: list[Intent]) -> list[Intent] | str:
    """The wishes meant, for these stretches of time and no others."""
    wanted = edit.subject.split("|") if edit.subject else []
    meant = [item for item in intents if (_of_effect(item, wanted) if wanted else item in latest)]
    able = [item for item in meant if item.operation in _IN_TIME and item.subject not in _OF_ALL]
    if not able:
        return f'"{edit.words}": nothing that was asked for can happen at that time only.'
    spans: list[Span | None] = [*spans_of(str(edit.given.get("spans", "")))]
    spans = spans or [None]  # everywhere again
    out: list[Intent] = []
    for item in intents:
        placed = [item.model_copy(update={"span": span}) for span in spans] if item in able else [item]
        out += [each for each in placed if each not in out or each.operation == "level"]
    return out


_IN_TIME = ("effect", "band", "descriptor", "level", "auto", "plugin", "chain")
_OF_ALL = ("loudness", "limiter", "fade", "trim")


def _of_effect(item: Intent, names: list[str]) -> bool:
    return (item.operation in _OF_EFFECTS and item.subject in names) or (
        item.operation == "band" and "equalizer" in names
    )


def written(spans: Iterable[Span]) -> str:
    """Spans as one text, as an intent can carry them."""
    return "|".join(f"{span.start_s:g}-{span.end_s:g}" for span in spans)


def spans_of(text: str) -> list[Span]:
    """The inverse of `written`."""
    pairs = [part.partition("-") for part in text.split("|") if part]
    return [Span(start_s=float(start), end_s=float(end)) for start, _, end in pairs]


def switched(steps: Iterable[Step], intents: Iterable[Intent]) -> list[Step]:
    """Steps that were switched off stay in the plan and are not heard."""
    off = {(item.subject, item.where) for item in intents if item.operation == "switch"}
    return [
        step.model_copy(update={"enabled": False})
        if any(subject == step.effect and where in (step.where, INPUT, MIX) for subject, where in off)
        else step
        for step in steps
    ]


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
