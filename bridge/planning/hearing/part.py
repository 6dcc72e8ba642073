"""Which part of a stereo sound a clause speaks of: "the sides", "only the mid", "the left channel"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bridge.planning.clauses import Clause
from bridge.planning.hearing.ear import BARE, Ear
from bridge.planning.part import Part
from bridge.planning.tokens import Token

_ROLES: dict[str, Part] = {"mid": "mid", "side": "side"}
_CHANNELS: dict[str, Part] = {"invert_left": "left", "invert_right": "right"}
_ALSO_A_PITCH = ("mid", "the mid", "middle")
"""Beside an equalizer these are frequencies."""
_HEARD_BY_PITCH = ("equalizer", "gain", "channels")


@dataclass(frozen=True)
class Said:
    """used: the tokens that said it."""

    part: Part
    used: tuple[Token, ...]


def said(clause: Clause) -> Said | None:
    """The part that a clause names; None where it speaks of all of the sound, and where polarity is its subject."""
    effects = [token.subject for token in clause.tokens if token.role == "effect"]
    if "channels" in effects or any(t.subject == "swap" for t in clause.tokens):
        return None
    for token in clause.tokens:
        part = _ROLES.get(token.role) or (_CHANNELS.get(token.subject) if token.role == "setting" else None)
        if part is None and token.role == "area" and token.text in _ALSO_A_PITCH:
            part = "mid" if effects and effects[0] not in _HEARD_BY_PITCH else None
        if part is not None:
            return Said(part, (token,))
    return None


def without(clause: Clause, found: Said) -> Clause:
    """The clause without the words that say on which part."""
    kept = tuple(token for token in clause.tokens if not any(token is other for other in found.used))
    return replace(clause, tokens=kept, said=clause.text)


def nothing_else(clause: Clause) -> bool:
    """Whether a clause without its part holds no wish: "on the sides, cut the bass"."""
    return all(token.role in BARE for token in clause.tokens) and not any(
        token.role in ("more", "less", "too", "not", "make") for token in clause.tokens
    )


def settle(ear: Ear, part: Part, first: int) -> None:
    """The wishes from `first` on are meant for that part."""
    ear.intents[first:] = [item.model_copy(update={"part": part}) for item in ear.intents[first:]]
