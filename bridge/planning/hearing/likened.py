"""Statements that complain: "the guest sounds like a telephone", "the right side is 3 dB quieter". What they say is how
it is, and not how it shall be."""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.hearing.ear import Ear
from bridge.planning.phrases import Meaning
from bridge.planning.tokens import Token

_WISHES = frozenset(("make", "more", "less", "remove", "not", "without", "enough", "keep", "use"))
_SIDES = {"invert_left": -1, "invert_right": 1}
_LEVELS = {"louder": -1, "quieter": 1}
"""What has to be done to a side that is so."""


def as_complaints(ear: Ear, tokens: list[Token]) -> list[Token]:
    """The tokens with what is said of the sound as it is turned into what is to be mended."""
    if any(token.role in _WISHES for token in tokens):
        return tokens
    return _of_a_likeness(ear, _of_a_side(ear, tokens))


def _of_a_likeness(ear: Ear, tokens: list[Token]) -> list[Token]:
    """ "Sounds like a telephone": a sound by its name, which is a fault where it is no wish."""
    lexicon = ear.context.lexicon
    said = f" {' '.join(token.spelt for token in tokens)} "
    if not any(f" {phrase} " in said for phrase in lexicon.little_words.said.get("likened", ())):
        return tokens
    return [
        replace(token, role="descriptor", meaning=Meaning("descriptor", token.subject, fault=True))
        if token.role in ("descriptor", "chain") and lexicon.descriptor(token.subject) is not None
        else token
        for token in tokens
    ]


def _of_a_side(ear: Ear, tokens: list[Token]) -> list[Token]:
    """ "The right side is 3 dB quieter": by how much the two are to be balanced again."""
    sides = [_SIDES[t.subject] for t in tokens if t.role == "setting" and t.subject in _SIDES]
    levels = [_LEVELS[t.role] for t in tokens if t.role in _LEVELS]
    states = any(token.says("copula") for token in tokens[1:])
    if len(sides) != 1 or len(levels) != 1 or not states or any(token.role == "too" for token in tokens):
        return tokens  # "too loud" asks for less of that side
    sign = sides[0] * levels[0]
    word = Token(
        "effect", " ".join(t.text for t in tokens), Meaning("effect", "balance"), little=tokens[0].little
    )
    numbers = [t for t in tokens if t.role == "quantity" and t.unit == "db"]
    return [word, *(replace(t, value=sign * abs(t.value), signed=True, high=None) for t in numbers)]
