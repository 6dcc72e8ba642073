"""Symptoms: what people hear when an effect does too much ("lisping", "pumping", "it chops off the words"), and what of
the effect is to blame. Data lives in presets/lexicon: what is to blame in meanings.toml, the words in each language.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, field_validator

from bridge.effects import BY_NAME
from bridge.planning.value import Value

_GAP = 3
"""Words that may stand between two words of a phrase: "chopping off all of the word endings"."""
_OPEN = "-"
"""Ends a word that may go on: "lisp-" is lisping, lispy and lisps."""


class Blame(Value):
    """An effect that makes the symptom. times, plus: numbers that are multiplied, and those that something is added to;
    where there are none, there shall be less of all of it."""

    effect: str
    times: dict[str, float] = Field(default_factory=dict)
    plus: dict[str, float] = Field(default_factory=dict)

    @field_validator("effect")
    @classmethod
    def _is_known(cls, effect: str) -> str:
        if effect not in BY_NAME:
            raise ValueError(f"there is no effect {effect!r}")
        return effect


class Symptom(Value):
    """blames: the likeliest first. words: phrases of a language, whose words follow each other with others between."""

    name: str
    blames: tuple[Blame, ...]
    words: tuple[str, ...] = ()

    def is_said(self, words: Sequence[str]) -> bool:
        return any(_stands(phrase.split(), words) for phrase in self.words)


def _stands(phrase: Sequence[str], words: Sequence[str]) -> bool:
    return any(_follow(phrase, words[start:]) for start in range(len(words)) if _is(phrase[0], words[start]))


def _follow(phrase: Sequence[str], words: Sequence[str]) -> bool:
    at = 0
    for wanted in phrase:
        near = range(at, min(len(words), at + 1 + (_GAP if at else 0)))
        found = next((index for index in near if _is(wanted, words[index])), None)
        if found is None:
            return False
        at = found + 1
    return True


def _is(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith(_OPEN) else word == wanted
