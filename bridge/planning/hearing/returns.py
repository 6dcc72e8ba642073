"""Filters of what an effect gives back: "hall, 12 % wet, low cut 250 on the return", "delay, rolled off above 4k"."""

from __future__ import annotations

from bridge.effects import BY_NAME
from bridge.planning.clauses import Clause
from bridge.planning.hearing.ear import Ear
from bridge.planning.tokens import Token

_BY_ROLE = {"above": "high_cut_hz", "below": "low_cut_hz"}
_BY_SHAPE = {"high_pass": "low_cut_hz", "low_pass": "high_cut_hz"}


def hear_return(ear: Ear, clause: Clause) -> bool:
    """Whether the clause filters the effect of the wish before it, which then holds the filter."""
    if not any(word for token in clause.tokens for word in token.named("of_the_return")):
        return False
    numbers = [token for token in clause.tokens if token.role == "quantity" and token.unit in ("hz", "")]
    name = next(filter(None, map(_cut, clause.tokens)), "")
    at = next((at for at in range(len(ear.intents) - 1, -1, -1) if _has(ear, at, name)), None)
    if len(numbers) != 1 or not name or at is None:
        return False
    before = ear.intents[at]
    words = f"{before.words}, {clause.text}"
    given = {**before.given, name: numbers[0].middle}
    ear.intents[at] = before.model_copy(update={"given": given, "words": words})
    return True


def _cut(token: Token) -> str:
    return _BY_SHAPE.get(token.subject, "") if token.role == "shape" else _BY_ROLE.get(token.role, "")


def _has(ear: Ear, at: int, name: str) -> bool:
    intent = ear.intents[at]
    effect = BY_NAME.get(intent.subject) if intent.operation == "effect" else None
    return effect is not None and name in effect.model_fields
