"""Words about the plan that stands: "put the EQ after the compressor", "same on the drums", "make the cut at 300
narrower", "bypass the reverb". They change its steps, and add none.

The phrases stand in the lexicon under `edits`; what a clause says beside them (effects, places, numbers) is heard by
its tokens as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bridge.effects import BY_NAME
from bridge.effects.effect import LAST_WORD
from bridge.planning.clauses import Clause
from bridge.planning.frames import Frame
from bridge.planning.given import Given
from bridge.planning.hearing.ear import BARE, Ear
from bridge.planning.hearing.edit_numbers import band_edit, number_edit, step_edit
from bridge.planning.plan import Plan
from bridge.planning.tokens import Token

_WET = ("reverb", "convolution_reverb", "delay", "chorus", "flanger", "phaser")
"""What is meant by "drier", in this order."""


@dataclass(frozen=True)
class Said:
    """names: of the phrases of `edits` in this clause. used: the tokens that they are made of."""

    names: frozenset[str]
    used: tuple[Token, ...]
    at: Mapping[str, int]

    def has(self, *names: str) -> bool:
        return not self.names.isdisjoint(names)


def hear_edit(ear: Ear, clause: Clause) -> bool:
    """Whether the clause was about the plan, and has been heard."""
    said = said_in(clause, ear.context.lexicon.edit_phrases)
    if said.has("interjection") and _nothing_beside(clause, said):
        return True
    if _shape_alone(ear, clause, said):
        return True
    plan = ear.context.previous
    if plan is None or not (said.names or any(token.role == "parameter" for token in clause.tokens)):
        return False
    listeners: tuple[Callable[[Ear, Clause, Said, Plan], bool], ...] = (
        _swap, _order, _switch, _only, _same, _again, _wet, _numbers,
    )  # fmt: skip
    return any(listen(ear, clause, said, plan) for listen in listeners)


def _shape_alone(ear: Ear, clause: Clause, said: Said) -> bool:
    """ "Notch at 1.85k, narrow": the band before, where the clause says nothing else."""
    last = ear.intents[-1] if ear.intents else None
    if last is None or last.operation != "band" or not said.has("narrower", "broader"):
        return False
    if not _nothing_beside(clause, said):
        return False
    q = float(last.given.get("q", 1.0)) * (2.0 if said.has("narrower") else 0.5)
    ear.intents[-1] = last.model_copy(update={"given": last.given | {"q": q}})
    return True


def said_in(clause: Clause, phrases: Iterable[tuple[tuple[str, ...], str]]) -> Said:
    """phrases: words and the name they stand under, the longest first."""
    words = [(word, index) for index, token in enumerate(clause.tokens) for word in token.text.split()]
    texts = tuple(word for word, _ in words)
    there = frozenset(texts)
    taken: set[int] = set()
    found: dict[str, int] = {}
    for phrase, name in phrases:
        if phrase[0] not in there:
            continue
        for start in range(len(texts) - len(phrase) + 1):
            span = range(start, start + len(phrase))
            if texts[start : start + len(phrase)] == phrase and taken.isdisjoint(span):
                taken.update(span)
                found[name] = words[start][1]
    used = tuple(dict.fromkeys(words[index][1] for index in sorted(taken)))
    return Said(frozenset(found), tuple(clause.tokens[index] for index in used), found)


def _nothing_beside(clause: Clause, said: Said) -> bool:
    return all(
        any(token is other for other in said.used) or token.role in ("filler", "mark")
        for token in clause.tokens
    )


def _effects(clause: Clause) -> list[Token]:
    return [token for token in clause.tokens if token.role == "effect"]


def _there(plan: Plan) -> list[str]:
    return list(dict.fromkeys(step.effect for step in plan.steps))


def _add(
    ear: Ear,
    clause: Clause,
    operation: str,
    subject: str = "",
    given: Given | None = None,
    amount: float = 1.0,
) -> None:
    places = tuple(dict.fromkeys(token.subject for token in clause.tokens if token.role == "place"))
    frame = Frame(None, list(clause.tokens), clause.opener, clause.text, 1.0, places)
    ear.latest = len(ear.intents)
    ear.add(frame, operation, subject, amount, given)  # type: ignore[arg-type]


def _swap(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """Two steps change places; of more, it must be said which."""
    if not said.has("swap"):
        return False
    steps = [step for step in plan.steps if BY_NAME[step.effect].stage not in LAST_WORD]
    if len(steps) == 2:
        _add(ear, clause, "order", steps[0].effect, {"after": steps[1].effect})
    elif len(steps) < 2:
        ear.impossible.append(f'"{clause.text}": there are no two steps that could change places.')
    else:
        names = [step.effect.replace("_", " ") for step in steps]
        after = next(iter(ear.context.lexicon.edits.get("after", ("after",))))
        pairs = [
            (f"{one} {after} {two}", f"put the {one} {after} the {two}")
            for one, two in pairwise(names)
        ]
        ear.ask(f"Which two? The order is {', '.join(names)}.", *pairs)
    return True


def _order(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "the reverb before the compressor": one effect, the word, another effect."""
    way = next((name for name in ("before", "after") if name in said.at), "")
    effects = _effects(clause)
    if not way or len(effects) != 2:
        return False
    at = said.at[way]
    first, second = (clause.tokens.index(token) for token in effects)
    if not first < at < second:
        return False
    moved, other = (token.subject for token in effects)
    if moved not in _there(plan):
        _add(ear, clause, "effect", moved)
    _add(ear, clause, "order", moved, {way: other})
    return True


def _switch(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "bypass the reverb", "turn it back on"."""
    way = "on" if said.has("on") else "off" if said.has("off") else ""
    effects = list(dict.fromkeys(token.subject for token in _effects(clause)))
    if not way or (way == "off" and not effects):
        return False
    off = [item.subject for item in plan.intents if item.operation == "switch"]
    if way == "on" and not effects:
        if not off:
            return False
        effects = off[-1:]
    for effect in effects:
        if effect in _there(plan):
            _add(ear, clause, "switch", effect, {"on": 1.0 if way == "on" else 0.0})
        else:
            ear.impossible.append(f'"{clause.text}": no {effect.replace("_", " ")} stands in the plan.')
    return True


def _only(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "only the EQ": of steps that stand there, and with nothing else beside it."""
    effects = _effects(clause)
    little = ear.context.lexicon.little_words
    definite = any(little.has(word, "definite") for token in clause.tokens for word in token.text.split())
    plain = all(
        token.role in (*BARE, "effect", "keep", "crop") or token in said.used for token in clause.tokens
    )
    if not said.has("only") or not effects or not definite or not plain:
        return False
    if any(token.role in ("more", "less", "degree", "place") for token in clause.tokens):
        return False
    if not all(token.subject in _there(plan) for token in effects):
        return False
    _add(ear, clause, "only", "|".join(dict.fromkeys(token.subject for token in effects)))
    return True


def _same(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """What was asked for last, for another place."""
    if not said.has("same", "move") or not any(token.role == "place" for token in clause.tokens):
        return False
    if _effects(clause) or any(token.role in ("descriptor", "quantity") for token in clause.tokens):
        return False
    _add(ear, clause, "same", "", {"move": 1.0} if said.has("move") and not said.has("same") else {})
    return True


_TIMES = {"opposite": -1.0, "double": 2.0}


def _again(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    for name, factor in _TIMES.items():
        beside = [token for token in clause.tokens if not any(token is other for other in said.used)]
        if said.has(name) and not any(token.role in ("effect", "descriptor", "quantity") for token in beside):
            _add(ear, clause, "again", "", {}, factor)
            return True
    return False


def _wet(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "drier" is less of the reverb that was added, where one was."""
    if not said.has("drier", "wetter") or any(token.role == "quantity" for token in clause.tokens):
        return False
    named = [token.subject for token in _effects(clause) if token not in said.used]
    step = next(
        (s for name in named or _WET for s in plan.steps if s.effect == name and "mix" in s.parameters), None
    )
    if step is None:
        return False
    amount = min(1.6, degree(clause))
    factor = 1 + 0.5 * amount if said.has("wetter") else 1 - 0.5 * amount
    _add(
        ear,
        clause,
        "effect",
        step.effect,
        {"mix": round(min(1.0, float(step.parameters["mix"]) * factor), 3)},
    )
    return True


def degree(clause: Clause) -> float:
    factor = 1.0
    for token in clause.tokens:
        factor *= token.meaning.number if token.role == "degree" else 1.0
    return factor


def _numbers(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """One number of a step: its own, or by how much it changes."""
    amount = degree(clause)
    for found in (
        band_edit(clause, said.names, plan, amount),
        number_edit(clause, said.names, plan),
        step_edit(clause, said.names, plan, amount),
    ):
        if found is not None:
            _add(ear, clause, found.operation, found.subject, found.given)
            ear.intents[-1] = ear.intents[-1].model_copy(
                update={"where": found.where or ear.intents[-1].where}
            )
            return True
    return False
