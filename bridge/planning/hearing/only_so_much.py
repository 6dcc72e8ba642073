"""A level of the plan that is said anew: "drums better only 1 dB lower" after "drums 2 dB lower"."""

from __future__ import annotations

from bridge.planning.clauses import Clause
from bridge.planning.hearing.edit_bands import Edit
from bridge.planning.particles import Particles
from bridge.planning.plan import Plan

_BESIDE = frozenset(
    ("filler", "mark", "at", "place", "quantity", "louder", "quieter", "more", "less", "make", "unknown", "degree")
)  # fmt: skip


def only_so_much(clause: Clause, little: Particles, plan: Plan) -> Edit | None:
    """Where the words say "only" and the way is that of the level that stands there, their number is the level itself
    and no step further."""
    numbers = [token for token in clause.tokens if token.role == "quantity"]
    words = [word for token in clause.tokens for word in token.text.split()]
    if len(numbers) != 1 or numbers[0].unit not in ("db", "lu"):
        return None
    if not any(little.has(word, "only") for word in words):
        return None
    if any(token.role not in _BESIDE for token in clause.tokens):
        return None
    places = {token.subject for token in clause.tokens if token.role == "place"} or {""}
    able = [
        intent
        for intent in plan.intents
        if intent.operation == "level" and "gain_db" in intent.given and intent.span is None
        if places in ({""}, {intent.where})
    ]
    way = _way(clause)
    now = float(able[-1].given["gain_db"]) if able else 0.0
    if now * way <= 0:
        return None
    return Edit("refine", "level:", {"gain_db": way * abs(numbers[0].middle)}, able[-1].where)


def _way(clause: Clause) -> int:
    """1 for up, -1 for down, 0 where nothing says it."""
    signed = next((token for token in clause.tokens if token.role == "quantity" and token.signed), None)
    if signed is not None:
        return 1 if signed.value > 0 else -1
    roles = {token.role for token in clause.tokens}
    if roles & {"less", "quieter"}:
        return -1
    return 1 if roles & {"more", "louder"} else 0
