"""Which language a request is in: told by the share of its words that each language's lexicon knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.planning.lexicon import Lexicon
from bridge.planning.normalise import normalise
from bridge.planning.value import Value

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_COUNTED = 400
"""Words of a request that are looked at."""
_FEWEST = 2
"""Words of a language that is not understood, before it is taken for one."""


class Tongue(Value):
    """A language that is told from typing errors and politely refused. words: its commonest, and those of music.

    letters: spans of Unicode that only it writes in; share: of all letters that are enough of these.
    sentence: what it is told in its own words.
    """

    code: str
    name: str
    words: frozenset[str] = frozenset()
    letters: tuple[tuple[str, str], ...] = ()
    share: float = 0.5
    sentence: str = ""


@dataclass(frozen=True)
class Tongues:
    """understood: lexicons by language, the first being the one that ties go to. others: what there is besides."""

    understood: Mapping[str, Lexicon] = field(default_factory=dict)
    others: tuple[Tongue, ...] = ()

    def names(self) -> str:
        """ "English, German and Spanish"."""
        names = [lexicon.name for lexicon in self.understood.values()]
        return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


@dataclass(frozen=True)
class Spoken:
    """lexicon: of the language that was spoken. foreign: the language that is none of ours, where it is one."""

    lexicon: Lexicon
    foreign: Tongue | None = None


def spoken(words: str, tongues: Tongues, usual: Lexicon) -> Spoken:
    """The language of the words; `usual` where nothing else knows more of them. No other is loaded where that one
    knows them all."""
    said = _WORD.findall(normalise(words))[:_COUNTED]
    best, most = usual, _known(said, usual)
    if most == len(said):
        return Spoken(usual)
    for language, lexicon in tongues.understood.items():
        if language == usual.language:
            continue
        known = _known(said, lexicon)
        if known > most:
            best, most = lexicon, known
    hits = [(_heard(said, tongue), tongue) for tongue in tongues.others]
    found = max(hits, key=lambda hit: hit[0], default=None)
    if found is not None and found[0] >= _FEWEST and found[0] > most:
        return Spoken(best, found[1])
    return Spoken(best)


def _known(said: list[str], lexicon: Lexicon) -> int:
    read = lexicon.own_reader.read
    return sum(bool(read(word)) for word in said)


def _heard(said: list[str], tongue: Tongue) -> int:
    """How many of the words are the other language's. One written in letters of its own needs no list."""
    if tongue.letters:
        letters = "".join(said)
        own = sum(any(low <= char <= high for low, high in tongue.letters) for char in letters)
        return max(_FEWEST, len(said)) if letters and own >= tongue.share * len(letters) else 0
    return sum(word in tongue.words for word in said)
