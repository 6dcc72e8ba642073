"""Kinds of an effect that its name says: "tube saturation", "auto pan", "spring reverb"."""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.clauses import Clause
from bridge.planning.frames import Frame
from bridge.planning.given import Given
from bridge.planning.lexicon import Meaning
from bridge.planning.tokens import Token

_KINDS: dict[str, dict[str, Given]] = {
    "saturation": {
        "tape": {"kind": "tape"},
        "tube": {"kind": "tube"},
        "tubes": {"kind": "tube"},
        "valve": {"kind": "tube"},
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
    "tremolo": {word: {"spread": 1.0} for word in ("pan", "autopan", "panning", "autopanner")},
}
"""By effect and word."""


def kind_said(effect: str, frame: Frame) -> Given:
    """What the words of a frame say of an effect's kind."""
    known = _KINDS.get(effect, {})
    said = [known[word] for token in frame.tokens for word in token.text.split() if word in known]
    return dict(said[-1]) if said else {}


_ASKED_FOR = ("more", "less", "remove", "degree", "use", "without", "too")
_ASKED_WITH = ("of", "with", "some", "a", "any", "no")


def as_effects(clause: Clause) -> Clause:
    """ "Add chorus" asks for the effect, "in the chorus" for a time: told by the word before it."""
    tokens = list(clause.tokens)
    for index, token in enumerate(tokens):
        if token.role == "section" and token.text == "chorus" and _asked(tokens, index):
            tokens[index] = replace(token, role="effect", meaning=Meaning("effect", "chorus"))
    return replace(clause, tokens=tuple(tokens))


def _asked(tokens: list[Token], index: int) -> bool:
    if index == 0:
        return len(tokens) == 1
    before = tokens[index - 1]
    return before.role in _ASKED_FOR or before.text in _ASKED_WITH
