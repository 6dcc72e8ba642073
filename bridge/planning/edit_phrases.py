"""Phrases of `edits`, found in a clause whatever the form of their words: "apágamelo" says "apágalo", "désactivez" says
"désactive", "l'inverse" without its accent is "l'inverse" still.

A word is looked at in its other forms only where it says nothing else: "corta" is a verb before it is "corte".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge.planning.forms import Forms, Reader

_LEANING = "+"
"""Stands for any little word that leans on the one before it: "apágalo" and "apágamela" are the same edit."""


@dataclass(frozen=True)
class Found:
    """names: what the phrase stands under. words: where in the clause its words are."""

    names: tuple[str, ...]
    words: frozenset[int]


class EditPhrases:
    """edits: phrases by the name of what they do."""

    def __init__(self, edits: Mapping[str, tuple[str, ...]], forms: Forms) -> None:
        self._forms = forms
        said = [(name, tuple(phrase.split())) for name, phrases in edits.items() for phrase in phrases]
        words = {word for _, phrase in said for word in phrase}
        leaning = {word for word in words if self._stem(word, words)}
        self._reader = Reader(forms, words - leaning, words - leaning)
        names: dict[tuple[str, ...], list[str]] = {}
        for name, phrase in said:
            read = tuple(part for word in phrase for part in self._parts(word, True))
            for way in {phrase, read}:
                names.setdefault(tuple(map(forms.plain, way)), []).append(name)
        self._names = {phrase: tuple(dict.fromkeys(found)) for phrase, found in names.items()}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for phrase in sorted(self._names, key=len, reverse=True):
            known = self._lengths.get(phrase[0], ())
            self._lengths[phrase[0]] = known if len(phrase) in known else (*known, len(phrase))

    def _stem(self, word: str, words: set[str]) -> str:
        """What the word leans on, where that is a word of the edits too."""
        bare = {self._forms.plain(each) for each in words}
        for enclitic in self._forms.enclitics:
            stem = self._forms.plain(word).removesuffix(enclitic)
            if stem != self._forms.plain(word) and len(stem) > self._forms.shortest and stem in bare:
                return stem
        return ""

    def _parts(self, word: str, open_to_forms: bool) -> tuple[str, ...]:
        if self._forms.none or not open_to_forms:
            return (word,)
        read = self._reader.read(word)
        if len(read) == 2 and read[1] in self._forms.enclitics:
            return (read[0], _LEANING)
        return read if len(read) == 1 else (word,)

    def find(self, words: Sequence[str], silent: Sequence[bool]) -> list[Found]:
        """Phrases from the longest to the shortest, none of them within another. silent: words that say nothing else,
        which are read in all their forms."""
        spelt: list[tuple[str, int]] = []
        for index, (word, quiet) in enumerate(zip(words, silent, strict=True)):
            spelt += [(self._forms.plain(part), index) for part in self._parts(word, quiet)]
        found = [
            (length, start)
            for start, (word, _) in enumerate(spelt)
            for length in self._lengths.get(word, ())
            if start + length <= len(spelt) and _texts(spelt, start, length) in self._names
        ]
        taken: set[int] = set()
        out: list[Found] = []
        for length, start in sorted(found, key=lambda item: (-item[0], item[1])):
            span = range(start, start + length)
            if taken.isdisjoint(span):
                taken.update(span)
                names = self._names[_texts(spelt, start, length)]
                out.append(Found(names, frozenset(spelt[at][1] for at in span)))
        return out


def _texts(spelt: list[tuple[str, int]], start: int, length: int) -> tuple[str, ...]:
    return tuple(text for text, _ in spelt[start : start + length])
