"""What a model says of stems together: which stems an operation is about, held against those that there are."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.llm.extract import Unusable
from bridge.planning.context import Context
from bridge.planning.intent import Operation
from bridge.planning.nearest import nearest

OPERATIONS: tuple[Operation, ...] = ("balance", "unmask", "align")
IN_WORDS = (
    "balance (all stems to the levels that their roles have), unmask (room for the stem in where; others: the stems or "
    "groups that make it, empty for all), align (microphones of one source in time; where: the stem that is moved, "
    "others: the one stem that stays; both empty for all of them)"
)
"""For the prompt, where there are several stems."""


def stems_given(
    operation: Operation, where: str, others: Sequence[str], context: Context
) -> dict[str, float | str]:
    """`given` of an intent. Raises Unusable for a single sound, for stems that are not there or named twice."""
    if len(context.analyses) < 2:
        raise Unusable(f"{operation} takes several stems, and there is one sound")
    if operation == "balance" and where != context.main:
        raise Unusable("balance is about all stems; leave where empty")
    for name in others:
        _must_be_there(name, operation, context)
    if where in others or len(set(others)) < len(others):
        raise Unusable(f"{operation}: a stem is named twice")
    if operation == "unmask" and where != context.main and where not in context.analyses:
        raise Unusable(f"unmask makes room for one stem; {where[:60]!r} is none")
    if operation == "align" and len(others) > 1:
        raise Unusable("align: one stem stays; others takes one name")
    if not others or operation == "balance":
        return {}
    return {"in": "|".join(others)} if operation == "unmask" else {"to": others[0]}


def _must_be_there(name: str, operation: Operation, context: Context) -> None:
    known = [*context.analyses, *(context.groups if operation == "unmask" else ())]
    if name not in known:
        near = nearest(name, known)
        hint = f", the nearest is {near}" if near else ""
        raise Unusable(f"others: there is no stem {name[:60]!r}{hint}")
