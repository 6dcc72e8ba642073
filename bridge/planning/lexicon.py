"""Lexicon: the words of one language and what they mean. Data lives in presets/lexicon; these are its types.

What a word of taste and a region mean in dB and Hz is said once for all languages (meanings.toml); each language has
a file of words beside it. A Lexicon is both together.

A phrase has one Meaning: a role in the sentence, a subject (an effect, a descriptor, a parameter) and a sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pydantic import Field

from bridge.effects import EFFECTS
from bridge.planning.normalise import normalise
from bridge.planning.value import Value


@dataclass(frozen=True)
class Meaning:
    """role: what the phrase does in a sentence. sign: -1 for the opposite of the subject. fault: a complaint."""

    role: str
    subject: str = ""
    sign: int = 1
    fault: bool = False
    number: float = 1.0


class Measure(Value):
    """How a property shows in a reading: at `low` there is little of it, at `high` much (low may exceed high)."""

    metric: str
    low: float
    high: float

    def position(self, value: float) -> float:
        """0 at `low`, 1 at `high`, beyond them outside 0..1."""
        return (value - self.low) / (self.high - self.low)


class Move(Value):
    """One effect's part in a word of taste, at amount 1.

    equalizer: kind, frequency_hz, gain_db, q. Others: numbers by parameter name, or `strength` for the effect's
    own judgement at that amount.
    """

    effect: str
    strength: float = 1.0
    kind: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass"] | None = None
    parameters: dict[str, float] = Field(default_factory=dict)


class Descriptor(Value):
    """A word of taste. `words` ask for it, `faults` complain of too much of it, `inverse` ask for its opposite,
    `inverse_faults` complain of too little. `less` is the way back; where it is empty, gains are mirrored.
    `reservation`: how less of it falls short of what people may expect; the reason says it."""

    name: str
    words: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    inverse_faults: tuple[str, ...] = ()
    more: tuple[Move, ...]
    less: tuple[Move, ...] = ()
    measure: Measure | None = None
    explains: str = ""
    reservation: str = ""

    def phrases(self) -> Iterator[tuple[str, Meaning]]:
        for words, sign, fault in (
            (self.words, 1, False),
            (self.faults, 1, True),
            (self.inverse, -1, False),
            (self.inverse_faults, -1, True),
        ):
            for word in words:
                yield word, Meaning("descriptor", self.name, sign, fault)


class Area(Value):
    """A stretch of the spectrum that people name: "bass", "highs"."""

    name: str
    words: tuple[str, ...] = ()
    kind: Literal["bell", "low_shelf", "high_shelf"]
    frequency_hz: float
    q: float = 0.7
    metric: str | None = None


class Impossible(Value):
    """A real audio wish that the bridge cannot meet, and the nearest thing that it can."""

    name: str
    words: tuple[str, ...]
    sentence: str


class Concept(Value):
    """Something people ask about; `metric` where a reading answers."""

    name: str
    words: tuple[str, ...]
    sentence: str
    metric: str | None = None


class Choice(Value):
    """A wish that needs an answer first: "normalize" (to what?)."""

    name: str
    words: tuple[str, ...]
    question: str


class Grammar(Value):
    """What stands in the file of a language word for word. `roles`: phrases of grammar by role; `degrees` and
    `numbers`: phrase -> factor.

    settings: "slow attack" -> 30 ms, by parameter.
    instruments: sounds that may be only a part of a file.
    aspects: what of a reference can be matched (eq, width, dynamics, loudness), and what people call it.
    autos: what people call the tools that decide by themselves, by effect ("auto eq").
    repairs: faults of a recording by the effect that mends them ("hiss" by denoise).
    foreign: function words of other languages, by its name, to tell them from typing errors.
    """

    language: str
    name: str
    roles: dict[str, tuple[str, ...]]
    instruments: tuple[str, ...] = ()
    degrees: dict[str, float]
    numbers: dict[str, float] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)
    aspects: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    foreign: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    effects: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    autos: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    repairs: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    parameters: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    settings: dict[str, dict[str, float]] = Field(default_factory=dict)
    shapes: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Lexicon(Grammar):
    """All words of one language, with what those of taste and of regions mean."""

    areas: tuple[Area, ...] = ()
    descriptors: tuple[Descriptor, ...] = ()
    impossible: tuple[Impossible, ...] = ()
    concepts: tuple[Concept, ...] = ()
    choices: tuple[Choice, ...] = ()

    def descriptor(self, name: str) -> Descriptor | None:
        return self._descriptors.get(name)

    def area(self, name: str) -> Area | None:
        return next((area for area in self.areas if area.name == name), None)

    def impossible_wish(self, name: str) -> Impossible:
        return next(item for item in self.impossible if item.name == name)

    def choice(self, name: str) -> Choice:
        return next(item for item in self.choices if item.name == name)

    @cached_property
    def _descriptors(self) -> dict[str, Descriptor]:
        return {item.name: item for item in self.descriptors}

    @cached_property
    def phrases(self) -> Phrases:
        """All phrases of the language with their meanings; a later list never takes a phrase from an earlier one."""
        index = Phrases()
        for phrase, meaning in self._all():
            index.add(phrase, meaning)
        return index

    def _all(self) -> Iterator[tuple[str, Meaning]]:
        yield from self._named("auto", self.autos)
        for descriptor in self.descriptors:
            yield from descriptor.phrases()
        for choice in self.choices:
            yield from ((word, Meaning("choice", choice.name)) for word in choice.words)
        for wish in self.impossible:
            yield from ((word, Meaning("impossible", wish.name)) for word in wish.words)
        for effect, faults in self.repairs.items():
            yield from ((word, Meaning("repair", effect, fault=True)) for word in faults)
        yield from self._named("shape", self.shapes)
        yield from self._named("effect", self.effects)
        for parameter, values in self.settings.items():
            yield from ((word, Meaning("setting", parameter, number=value)) for word, value in values.items())
        yield from self._named("parameter", self.parameters)
        for area in self.areas:
            yield from ((word, Meaning("area", area.name)) for word in area.words)
        yield from ((word, Meaning("degree", number=factor)) for word, factor in self.degrees.items())
        yield from ((word, Meaning("sound", word)) for word in self.instruments)
        for role, words in self.roles.items():
            yield from ((word, Meaning(role)) for word in words)
        for concept in self.concepts:
            yield from ((word, Meaning("concept", concept.name)) for word in concept.words)
        if self.language == "en":
            yield from self._named("effect", {effect.name: effect.words for effect in EFFECTS})

    @staticmethod
    def _named(role: str, table: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Meaning]]:
        for name, words in table.items():
            yield from ((word, Meaning(role, name)) for word in words)


_LONGEST_WORD = 24
"""Letters of a word that is looked at for slips; its variants cost the square of its length."""


@dataclass
class Phrases:
    """Phrases by their words, for the longest match, and single words for the repair of typing errors."""

    by_words: dict[tuple[str, ...], Meaning] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    deletions: dict[str, str] = field(default_factory=dict)
    accented: bool = False

    def add(self, phrase: str, meaning: Meaning) -> None:
        words = tuple(normalise(phrase).split())
        self.accented = self.accented or not phrase.isascii()
        if not words or words in self.by_words:
            return
        self.by_words[words] = meaning
        self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))
        for word in words:
            self._learn(word)

    def _learn(self, word: str) -> None:
        if len(word) < 5 or not word.isalpha():
            return
        for shorter in (word, *_one_less(word)):
            self.deletions.setdefault(shorter, word)

    def known(self, word: str) -> bool:
        return self.deletions.get(word) == word or word in self.longest

    def repaired(self, word: str) -> str | None:
        """The known word that is one slip away (a letter more, less, other or swapped), for five letters or more."""
        if not 5 <= len(word) <= _LONGEST_WORD or not word.isalpha() or not (self.accented or word.isascii()):
            return None
        for candidate in (word, *_one_less(word)):
            found = self.deletions.get(candidate)
            if found is not None and abs(len(found) - len(word)) <= 1 and _one_slip(word, found):
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
