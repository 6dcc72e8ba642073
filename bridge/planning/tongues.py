"""Which language a request is in: told by the share of its words that each language's lexicon knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

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

    @cached_property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """Which of the others, by their places, have a word; those with letters of their own are told by these."""
        found: dict[str, tuple[int, ...]] = {}
        for place, tongue in enumerate(self.others):
            for word in () if tongue.letters else tongue.words:
                found[word] = (*found.get(word, ()), place)
        return found

    def names(self) -> str:
        """ "English, German and Spanish"."""
        names = [lexicon.name for lexicon in self.understood.values()]
        return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


@dataclass(frozen=True)
class Spoken:
    """lexicon: of the language that was spoken. foreign: the language that is none of ours, where it is one."""

    lexicon: Lexicon
    foreign: Tongue | None = None


def spoken(words: str, tongues: Tongues, usual: Lexicon, before: str = "") -> Spoken:
    """The language of the words: the one that knows most of them; of two that know as many, that of the turn before,
    else `usual`. No other is loaded where that one knows them all and nothing else was spoken before."""
    said = _WORD.findall(normalise(words))[:_COUNTED]
    best, most = usual, _known(said, usual)
    if most == (len(said), len(said)) and before in ("", usual.language):
        return Spoken(usual)
    for language, lexicon in tongues.understood.items():
        if language == usual.language:
            continue
        known = _known(said, lexicon)
        mixed = known[0] == most[0] and not before and _mixed(said, best, lexicon)
        if known > most or mixed or (known == most and language == before):
            best, most = lexicon, known
    count, foreign = _most_heard(said, tongues)
    return Spoken(best, foreign) if count >= _FEWEST and count > most[0] else Spoken(best)


def _most_heard(said: list[str], tongues: Tongues) -> tuple[int, Tongue | None]:
    """Of the languages that are only told apart the one with most of the words, the first of equals."""
    letters = "".join(said)
    hits = [0] * len(tongues.others)
    if not letters.isascii():
        hits = [_in_letters(letters, len(said), tongue) for tongue in tongues.others]
    for word in said:
        for place in tongues.places.get(word, ()):
            hits[place] += 1
    best = max(range(len(hits)), key=hits.__getitem__, default=-1)
    return (hits[best], tongues.others[best]) if hits else (0, None)


def _known(said: list[str], lexicon: Lexicon) -> tuple[int, int]:
    """How many of the words the language has: by themselves, or beside the word that they need ("de esser"); and how
    many of these as they are written: "brillante" is Spanish rather than a form of "brillant". A word that joins opens
    no request: "plus brillant" is French rather than German."""
    read = [lexicon.own_reader.read(word) for word in said]
    stem = (
        lexicon.own_reader.stem
    )  # "quitar" stands in a longer phrase, and is a form of "quita" all the same
    had = [
        bool(each) and (_stands(read, index, lexicon.beside) or bool(stem(said[index])))
        for index, each in enumerate(read)
    ]
    written = sum(each and parts == (word,) for word, parts, each in zip(said, read, had, strict=True))
    opening = lexicon.own_phrases.match(said, 0) if said else None
    return sum(had), written - (opening is not None and opening[1].role in _JOINING and len(said) > 1)


_JOINING = ("and", "or")
_OF_ITS_OWN = 3
"""Words that only one of two languages knows, for a request of both to be in that one."""


def _mixed(said: list[str], one: Lexicon, two: Lexicon) -> bool:
    """Whether two of a request's languages share it and the second borrows the words of the first: "make it un peu plus
    chaud please" is French with English words in it, as French has those and English has none of French."""
    if one.loans is not None or two.loans is None:
        return False
    own = [word for word in said if len(word) > 1 and two.own_reader.read(word) == (word,)]
    return sum(not one.own_reader.read(word) for word in own) >= _OF_ITS_OWN


def _stands(read: list[tuple[str, ...]], index: int, beside: Mapping[str, frozenset[str]]) -> bool:
    needed = beside.get(read[index][0]) if len(read[index]) == 1 else None
    if needed is None:
        return True
    before = read[index - 1][-1:] if index else ()
    after = read[index + 1][:1] if index + 1 < len(read) else ()
    return not needed.isdisjoint((*before, *after))


def _in_letters(letters: str, words: int, tongue: Tongue) -> int:
    """How many of the words are the other language's by its letters alone; 0 for one that needs a list."""
    if not tongue.letters:
        return 0
    own = sum(any(low <= char <= high for low, high in tongue.letters) for char in letters)
    return max(_FEWEST, words) if own >= tongue.share * len(letters) else 0
