"""Phrases: what people say, by its words, and what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from bridge.planning.normalise import normalise

BETWEEN = "..."
"""In a phrase: other words may stand here ("heb ... an")."""


@dataclass(frozen=True)
class Meaning:
    """role: what the phrase does in a sentence. sign: -1 for the opposite of the subject. fault: a complaint."""

    role: str
    subject: str = ""
    sign: int = 1
    fault: bool = False
    number: float = 1.0


@lru_cache(maxsize=32768)
def phrase_words(phrase: str) -> tuple[str, ...]:
    """The words of a phrase of the data, in plain spelling; the same phrases come with every request."""
    return tuple(normalise(phrase).split())


def begins_with(phrase: str, little: set[str]) -> bool:
    """Whether a phrase of several words begins with one of these: French "de reverb" is no "de-reverb"."""
    words = phrase_words(phrase)
    return len(words) > 1 and words[0] in little


@dataclass(frozen=True)
class Apart:
    """A phrase in two parts. key: the word that it becomes."""

    opening: tuple[str, ...]
    closing: tuple[str, ...]
    key: str


_SHORT = 4
"""Letters of a word whose only slip that is told from another word is two of them swapped ("mkae")."""
_LONGEST_WORD = 24
"""Letters of a word that is looked at for slips; its variants cost the square of its length."""


@dataclass
class Phrases:
    """Phrases by their words, for the longest match, and single words for the repair of typing errors, which names do
    without (`repairs`)."""

    by_words: dict[tuple[str, ...], Meaning] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    deletions: dict[str, str] = field(default_factory=dict)
    swapped: dict[str, str] = field(default_factory=dict)
    apart: dict[str, list[Apart]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    accented: bool = False
    repairs: bool = True
    plain: Callable[[str], str] = str

    def copied(self) -> Phrases:
        """The same, to which names of one request may be added."""
        return replace(self, by_words=dict(self.by_words), longest=dict(self.longest), words=set(self.words))

    def add(self, phrase: str, meaning: Meaning) -> None:
        if BETWEEN in phrase:
            self._add_apart(phrase, meaning)
            return
        words = phrase_words(phrase)
        self.accented = self.accented or not phrase.isascii()
        if not words or words in self.by_words:
            return
        self.by_words[words] = meaning
        self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))
        self.words.update(words)
        # What is no word about sound is no better a guess than what was said.
        for word in words if self.repairs and meaning.role != "off_topic" else ():
            self._learn(word)

    def _add_apart(self, phrase: str, meaning: Meaning) -> None:
        """ "heb ... an": two parts, which become one word where both are found."""
        one, _, two = phrase.partition(BETWEEN)
        opening, closing = phrase_words(one), phrase_words(two)
        key = f"{' '.join(opening)}{BETWEEN}{' '.join(closing)}"
        if (key,) in self.by_words:
            return
        self.by_words[(key,)] = meaning
        self.longest[key] = 1
        self.words.update((*opening, *closing))
        same_start = self.apart.setdefault(opening[0], [])
        same_start.append(Apart(opening, closing, key))
        same_start.sort(key=lambda each: (-len(each.opening), -len(each.closing)))

    def _learn(self, word: str) -> None:
        bare = self.plain(word)
        if len(bare) == _SHORT and bare.isalpha():
            self.swapped.setdefault("".join(sorted(bare)), word)
        if len(bare) < 5 or not bare.isalpha():
            return
        for shorter in (bare, *_one_less(bare)):
            self.deletions.setdefault(shorter, word)

    def parts(self, without: frozenset[str]) -> set[str]:
        """The words of all phrases but those of these roles."""
        found = {
            word
            for words, meaning in self.by_words.items()
            if meaning.role not in without and BETWEEN not in words[0]
            for word in words
        }
        for apart in (each for same_start in self.apart.values() for each in same_start):
            if self.by_words[(apart.key,)].role not in without:
                found.update((*apart.opening, *apart.closing))
        return found

    def beside(self, known: frozenset[str]) -> dict[str, frozenset[str]]:
        """Words that are no phrase by themselves and none of the known, with their neighbours in phrases."""
        alone = {words[0] for words in self.by_words if len(words) == 1} | known
        alone.update(
            word for each in self.apart.values() for one in each for word in (*one.opening, *one.closing)
        )
        found: dict[str, set[str]] = {}
        for words in self.by_words:
            for one, two in pairwise(words):
                for word, other in ((one, two), (two, one)):
                    if word not in alone:
                        found.setdefault(word, set()).add(other)
        return {word: frozenset(others) for word, others in found.items()}

    def known(self, word: str) -> bool:
        return self.deletions.get(word) == word or word in self.longest

    def repaired(self, word: str) -> str | None:
        """The known word that is one slip away (a letter more, less, other or swapped), for five letters or more; of
        four letters two swapped."""
        if len(word) == _SHORT and word.isalpha():
            found = self.swapped.get("".join(sorted(word)))
            return found if found is not None and _one_slip(word, found) else None
        if not 5 <= len(word) <= _LONGEST_WORD or not word.isalpha() or not (self.accented or word.isascii()):
            return None
        bare = self.plain(word)
        for candidate in (bare, *_one_less(bare)):
            found = self.deletions.get(candidate)
            near = self.plain(found) if found is not None else ""
            another = bool(near) and near[0] != bare[0] and near[1:] == bare[1:]  # "folder" is no "colder"
            if near and not another and abs(len(near) - len(bare)) <= 1 and _one_slip(bare, near):
                return found
        return None

    def match(self, words: list[str], start: int) -> tuple[int, Meaning] | None:
        """The longest phrase that begins at `start`: how many words, and what it means."""
        reach = min(self.longest.get(words[start], 0), len(words) - start)
        for length in range(reach, 0, -1):
            meaning = self.by_words.get(tuple(words[start : start + length]))
            if meaning is not None:
                return length, meaning
        return None


def _one_less(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _one_slip(a: str, b: str) -> bool:
    """One letter inserted, dropped, replaced or swapped with its neighbour."""
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return shorter in _one_less(longer)
    wrong = [i for i in range(len(a)) if a[i] != b[i]]
    if len(wrong) == 2:
        i, j = wrong
        return j == i + 1 and a[i] == b[j] and a[j] == b[i]
    return len(wrong) <= 1
