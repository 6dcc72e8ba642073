"""Forms: how the words of a language change, so that its lexicon lists each once: spelling, endings, compounds."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from pydantic import Field

from bridge.planning.value import Value

_LONGEST = 40
"""Letters of a word whose parts are looked for."""
_SHORTEST_PART = 3
_MOST_PARTS = 4
_DEEPEST = 8
"""Letters before a syllable that is put in ("herunter-ge-dreht")."""
_REMEMBERED = 4096


class Forms(Value):
    """Rules that are bounded by the lexicon: what they make of a word counts only where the lexicon has it.

    fold: letters and what stands for them on other keyboards ("ä" and "ae" are one). accents: whether they may be
    missing. endings: (ending, what stands in the lexicon instead). shortest: letters of a word that may have an ending.
    compounds: whether words are written together; links: what may stand between their parts.
    capital_nouns: whether a capital says nothing of names. decimal_comma: whether "3.000 Hz" are three thousand.
    plurals: endings by which a name becomes several. elisions: words that lean on the next one ("l'air").
    enclitics: words that lean on the one before ("bájala" is "baja" and "la").
    contractions: what leans on the word before it and says little ("the vocal's buried").
    inserts: syllables that forms of verbs begin with or hold ("geboostet", "rauszunehmen").
    """

    fold: dict[str, str] = Field(default_factory=dict)
    accents: bool = False
    endings: tuple[tuple[str, str], ...] = ()
    shortest: int = 3
    compounds: bool = False
    links: tuple[str, ...] = ("",)
    capital_nouns: bool = False
    decimal_comma: bool = False
    plurals: tuple[str, ...] = ()
    elisions: tuple[str, ...] = ()
    enclitics: tuple[str, ...] = ()
    contractions: tuple[str, ...] = ()
    inserts: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        """Whether words never change, so that nothing needs to be looked for."""
        rules = (self.fold, self.accents, self.endings, self.compounds, self.elisions, self.enclitics)
        return not any(rules)

    def is_form(self, word: str, base: str) -> bool:
        """Whether the word is the base, or the base with an ending of the language."""
        ended = (
            word.removesuffix(ending) + instead for ending, instead in self.endings if word.endswith(ending)
        )
        return word == base or base in ended

    def bases(self, word: str) -> list[str]:
        """What the word may be a form of, by its ending alone."""
        bare = self.plain(word)
        return [
            bare.removesuffix(ending) + base
            for ending, base in self.endings
            if ending and bare.endswith(ending)
        ]

    def leaned(self, phrase: str) -> str:
        """The phrase of the data with each word by itself, as a request is read: "l'image" is "l' image"."""
        return " ".join(word.replace("'", "' ") if self.leans(word) else word for word in phrase.split())

    def leans(self, word: str) -> bool:
        """Whether the word is one that leans on the next, and that next one."""
        leaning, apostrophe, rest = word.partition("'")
        return bool(apostrophe and rest) and leaning in self.elisions

    def plain(self, word: str) -> str:
        """The word without what keyboards and hurry leave out."""
        for letter, instead in self.fold.items():
            word = word.replace(letter, instead)
        if self.accents and not word.isascii():
            bare = unicodedata.normalize("NFD", word)
            word = "".join(char for char in bare if unicodedata.category(char) != "Mn")
        return word


class Reader:
    """Words as people write them -> words as the lexicon has them."""

    def __init__(self, forms: Forms, known: Iterable[str], parts: Iterable[str]) -> None:
        """known: all words of the lexicon. parts: those that may stand in a compound or take an ending."""
        self._forms = forms
        self._known = frozenset(known)
        self._spelt: dict[str, str] = {}
        for word in sorted(self._known):
            self._spelt.setdefault(forms.plain(word), word)
        self._parts: dict[str, str] = {}
        for word in sorted(parts):
            if len(word) >= _SHORTEST_PART and word.isalpha():
                self._parts.setdefault(forms.plain(word), word)
        self._read: dict[str, tuple[str, ...]] = {}

    def read(self, word: str) -> tuple[str, ...]:
        """The word of the lexicon that this is a form of, or the parts that it is made of; () where it is unknown."""
        if word in self._known and not self._forms.leans(word):
            return (word,)
        found = self._read.get(word)
        if found is None:
            found = self._looked_for(word)
            if len(self._read) < _REMEMBERED:
                self._read[word] = found
        return found

    def stem(self, word: str) -> str:
        """The word without its ending or what leans on it, where the lexicon has it so; "" where it has not."""
        if self._forms.none:
            return ""
        bare = self._forms.plain(word)
        return self._without_ending(bare) or next(iter(self._leaning_back(bare)), "")

    def _looked_for(self, word: str) -> tuple[str, ...]:
        if self._forms.none or len(word) > _LONGEST:
            return ()
        if self._forms.leans(word):
            first, _, rest = word.partition("'")
            return (f"{first}'", *(self.read(rest) or (rest,)))
        bare = self._forms.plain(word)
        if bare in self._spelt:
            return (self._spelt[bare],)
        whole = self._without_ending(bare)
        if whole:
            return (whole,)
        leaning = self._leaning_back(bare)
        if leaning:
            return leaning
        apart = self._taken_apart(bare, _MOST_PARTS) if self._forms.compounds else ()
        return apart or self._without_insert(bare)

    def _without_insert(self, bare: str) -> tuple[str, ...]:
        """The form of a verb without the syllable that it puts in or before."""
        for insert in self._forms.inserts:
            at = bare.find(insert)
            shorter = bare[:at] + bare[at + len(insert) :]
            if at < 0 or at > _DEEPEST or len(shorter) <= _SHORTEST_PART:
                continue
            whole = self._parts.get(shorter) or self._without_ending(shorter)
            if whole:
                return (whole,)
        return ()

    def _leaning_back(self, bare: str) -> tuple[str, ...]:
        """The word and the little one that leans on it; the longest of those goes first in the data."""
        for enclitic in self._forms.enclitics:
            word = bare.removesuffix(enclitic)
            if word != bare and len(word) >= self._forms.shortest:
                whole = self._parts.get(word) or self._without_ending(word)
                if whole:
                    return (whole, enclitic)
        return ()

    def _without_ending(self, bare: str) -> str:
        for ending, instead in self._forms.endings:
            stem = bare[: len(bare) - len(ending)] + instead
            if bare.endswith(ending) and len(stem) >= self._forms.shortest and stem in self._parts:
                return self._parts[stem]
        return ""

    def _taken_apart(self, bare: str, most: int) -> tuple[str, ...]:
        """The parts, the first as long as possible; the last one may have an ending."""
        for end in range(len(bare) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            first = self._parts.get(bare[:end])
            if first is None:
                continue
            for link in self._forms.links:
                if not bare.startswith(link, end):
                    continue
                rest = bare[end + len(link) :]
                whole = self._parts.get(rest) or self._without_ending(rest)
                if whole:
                    return (first, whole)
                more = self._taken_apart(rest, most - 1) if most > 2 else ()
                if more:
                    return (first, *more)
        return ()
