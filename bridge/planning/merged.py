"""Merged: what is asked for once the words of a turn are worked into the wishes of the turns before."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.planning.intent import Intent


@dataclass
class Merged:
    """intents: all that is asked now. changed: whether anything is new."""

    intents: list[Intent] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changed: bool = False


def aspect(intent: Intent) -> tuple[object, ...]:
    """What tells two wishes apart; the bass in the middle and the width above it are two wishes of one effect."""
    return (
        intent.operation,
        intent.subject,
        intent.where,
        intent.part,
        intent.span,
        "mono_below_hz" in intent.given,
        intent.given.get("from_hz"),
    )


def both(one: Intent, two: Intent) -> str:
    """The words of one wish that two turns speak of."""
    return one.words if one.words == two.words else f"{one.words}; {two.words}"
