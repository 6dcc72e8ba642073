"""Kinds of an effect that its name says: "tube saturation", "auto pan", "spring reverb"."""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.clauses import Clause
from bridge.planning.frames import Frame
from bridge.planning.given import Given
from bridge.planning.phrases import Meaning
from bridge.planning.tokens import Token

_KINDS: dict[str, dict[str, Given]] = {
    "saturation": {
        "tape": {"kind": "tape"},
        "tube": {"kind": "tube"},
        "transistor": {"kind": "transistor"},
    },
    "convolution_reverb": {
        "room": {"kind": "room"},
        "chamber": {"kind": "room"},
        "hall": {"kind": "hall"},
        "church": {"kind": "hall"},
        "plate": {"kind": "plate"},
        "spring": {"kind": "spring"},
    },
    "tremolo": {"panning": {"spread": 1.0}},
}
"""By effect and particle."""


_PACES = ("slow", "fast")
_SWINGS_HZ: dict[str, tuple[float, float]] = {
    "tremolo": (2.5, 8.0),
    "auto pan": (0.2, 2.0),
    "chorus": (0.3, 2.0),
    "flanger": (0.1, 1.0),
    "phaser": (0.15, 1.5),
}
"""What slow and fast mean, by effect (own, from what pedals and plugins are usually set to)."""


def kind_said(effect: str, frame: Frame) -> Given:
    """What the words of a frame say of an effect's kind and of its pace."""
    known = _KINDS.get(effect, {})
    said = [known[name] for token in frame.tokens for name in token.named(*known)]
    given = dict(said[-1]) if said else _slapback(effect, frame)
    swings = _SWINGS_HZ.get("auto pan" if given.get("spread") == 1.0 else effect)
    pace = [_PACES.index(name) for token in frame.tokens for name in token.named(*_PACES)]
    return {**given, "rate_hz": swings[pace[-1]]} if swings and pace else given


_SLAPBACK: Given = {"time_ms": 110.0, "feedback": 0.0}
"""One echo about as late as the tape between two heads of a studio machine made it (own judgement)."""


def _slapback(effect: str, frame: Frame) -> Given:
    """A slapback is short and sounds once, whatever the tempo; a note or a time that is said goes before it."""
    slaps = any(token.named("slap") for token in frame.tokens)
    timed = frame.has("note") or frame.quantities("bpm")
    return {} if effect != "delay" or not slaps or timed or frame.has(*_OTHERWISE) else dict(_SLAPBACK)


ROOMS_S = {
    "room": 0.8,
    "chamber": 1.5,
    "plate": 1.8,
    "hall": 2.4,
    "church": 4.0,
    "cathedral": 6.0,
}
"""RT60 of rooms that words name (own judgement: studio rooms and echo chambers, a damped plate, a filled concert hall,
stone). The tempo says nothing of these."""
_TASTES_TOO = ("church", "cathedral")
"""Rooms that are words of taste beside the reverb that they name."""
_OTHERWISE = ("less", "too", "not", "enough", "remove", "without")


def room_said(effect: str, frame: Frame, before: bool) -> Given:
    """How long the room lasts that a wish for reverb names; nothing where it is about more or less of one.

    before: there is a plan already, of which "more hall" may want more."""
    if effect != "reverb" or frame.has(*_OTHERWISE) or (before and frame.has("more")):
        return {}
    rooms = [room for token in frame.tokens for room in token.named(*ROOMS_S)]
    rooms += frame.tokens[0].little.named(frame.text, *_TASTES_TOO) if frame.tokens else []
    named = rooms_s(rooms)
    return {"decay_s": max(named)} if named else {}


def rooms_s(rooms: list[str]) -> list[float]:
    """How long rooms of these names last, in seconds."""
    return [ROOMS_S[room] for room in rooms]


_SWINGS_BELOW_HZ = 20.0
_ASKED_FOR = ("more", "less", "remove", "degree", "use", "without", "too")


def as_effects(clause: Clause) -> Clause:
    """ "Add chorus" asks for the effect, "in the chorus" for a time: told by the word before it. "Balance 2 dB to the
    right" speaks of the sides, "more balance" of the tone: told by the side."""
    tokens = list(clause.tokens)
    for index, token in enumerate(tokens):
        if token.role == "section" and token.says("chorus") and _asked(tokens, index):
            tokens[index] = replace(token, role="effect", meaning=Meaning("effect", "chorus"))
    if any(token.role == "effect" and token.subject in _SWINGS_HZ for token in tokens):
        tokens = [replace(t, role="filler") if t.says(*_PACES) else t for t in tokens]
    return replace(clause, tokens=tuple(_of_the_sides(_trimmed(tokens))))


def _trimmed(tokens: list[Token]) -> list[Token]:
    """ "Trim the bass", where no stem is called so: less of that region, and no level of all."""
    for index, token in enumerate(tokens):
        behind = next((each for each in tokens[index + 1 :] if each.role != "filler"), None)
        if (
            token.role == "effect"
            and token.says("take_level")
            and behind is not None
            and behind.role == "area"
        ):
            tokens[index] = replace(token, role="less", meaning=Meaning("less"))
    return tokens


def _of_the_sides(tokens: list[Token]) -> list[Token]:
    """Balance, decibels and a side make one wish; the side is no pan then."""
    said = {name for token in tokens for name in token.named("balance", "left", "right")}
    decibels = any(token.role == "quantity" and token.unit == "db" for token in tokens)
    if "balance" not in said or not decibels or len(said & {"left", "right"}) != 1:
        return tokens
    return [_of_the_side(token) for token in tokens]


def _of_the_side(token: Token) -> Token:
    if token.named("balance"):
        return replace(token, role="effect", meaning=Meaning("effect", "balance"))
    beside = token.subject == "pan" or token.says("lean")
    return replace(token, role="filler") if beside else token


def _asked(tokens: list[Token], index: int) -> bool:
    if any(token.unit == "hz" and token.middle < _SWINGS_BELOW_HZ for token in tokens):
        return True  # "chorus at 1.2 Hz"
    if index == 0:
        return len(tokens) == 1 or tokens[1].says("laid_on")
    before = tokens[index - 1]
    return before.role in _ASKED_FOR or before.says("asked_with", *_PACES)
