"""Which part of a stereo sound a clause speaks of: "the sides", "only the mid", "the left channel"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bridge.effects import BY_NAME
from bridge.planning.clauses import Clause
from bridge.planning.context import Context
from bridge.planning.hearing.ear import BARE, Ear
from bridge.planning.part import Part
from bridge.planning.tokens import Token

_ROLES: dict[str, Part] = {"mid": "mid", "side": "side"}
_CHANNELS: dict[str, Part] = {"invert_left": "left", "invert_right": "right"}
_OF_A_PART = ("dynamics", "colour", "repair")
_HEARD_BY_PITCH = ("equalizer", "gain", "channels")


@dataclass(frozen=True)
class Said:
    """used: the tokens that said it. guessed: the words may mean something else too, which is told."""

    part: Part
    used: tuple[Token, ...]
    guessed: str = ""


def said(clause: Clause, context: Context) -> Said | None:
    """The part that a clause names; None where it speaks of all of the sound, and where polarity is its subject."""
    effects = [token.subject for token in clause.tokens if token.role == "effect"]
    if "channels" in effects or any(t.subject == "swap" for t in clause.tokens):
        return None
    for token in clause.tokens:
        part = _ROLES.get(token.role) or (_CHANNELS.get(token.subject) if token.role == "setting" else None)
        if part is None and token.role == "area" and token.says("mid_or_mids"):
            # beside an equalizer these are frequencies
            part = "mid" if effects and effects[0] not in _HEARD_BY_PITCH else None
        if part is not None:
            return Said(part, (token,))
        # beside a processor of a stereo sound more often the mid than the middle frequencies, which is said
        if token.role == "area" and token.says("mids") and _processed(clause, context):
            guess = f'"{token.text}" was read as the mid of the stereo sound, what both sides share'
            return Said(
                "mid", (token,), f"{guess}; for the middle frequencies say which of them to raise or lower."
            )
    return None


def _processed(clause: Clause, context: Context) -> bool:
    """Whether the clause asks for a processor that may work on the mid of a pair, and for no more or less of it."""
    if any(token.role in ("more", "less", "too", "remove", "not", "quantity") for token in clause.tokens):
        return False
    places = [token.subject for token in clause.tokens if token.role == "place"] or [context.main]
    sounds = [context.analysis(place) for place in places]
    if not all(sound is not None and sound.channels == 2 for sound in sounds):
        return False
    named = [token.subject for token in clause.tokens if token.role == "effect"]
    for token in clause.tokens:
        if token.role == "plugin":
            named += list(context.plugin_or_missing(token.subject).plays) or ["hosted_plugin"]
    kinds = [BY_NAME[name] for name in named if name in BY_NAME]
    return any(kind.stage in (*_OF_A_PART, "plugin") for kind in kinds)


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
