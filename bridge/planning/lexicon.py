"""Lexicon: the words of one language and what they mean. Data lives in presets/lexicon; these are its types.

What a word of taste and a region mean in dB and Hz is said once for all languages (meanings.toml); each language has
a file of words beside it. A Lexicon is both together.

A phrase has one Meaning: a role in the sentence, a subject (an effect, a descriptor, a parameter) and a sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field

from bridge.effects import EFFECTS
from bridge.planning.edit_phrases import EditPhrases
from bridge.planning.forms import Forms, Reader
from bridge.planning.meanings import Area, Choice, Concept, Descriptor, Impossible
from bridge.planning.openings import Openings
from bridge.planning.particles import Particles
from bridge.planning.phrases import Meaning, Phrases, begins_with
from bridge.planning.symbols import UNITS
from bridge.planning.symptoms import Symptom
from bridge.planning.tails import Tails
from bridge.planning.value import Value

_NEVER_LENT = frozenset(
    ("filler", "at", "question", "degree", "and", "but", "or", "then", "not", "without", "enough", "too", "off_topic",
     "back", "above", "below", "everything", "linear", "earlier", "later", "use")
)  # fmt: skip
"""Roles of grammar that nobody borrows: a sentence keeps its own."""
_UNCHANGING = frozenset(
    ("filler", "at", "question", "and", "but", "or", "then", "not", "without", "too", "off_topic")
)
"""Roles whose words take no endings and stand in no compound."""


class Grammar(Value):
    """What stands in the file of a language word for word. `roles`: phrases of grammar by role; `degrees` and
    `numbers`: phrase -> factor.

    settings: "slow attack" -> 30 ms, by parameter.
    instruments: sounds that may be only a part of a file.
    aspects: what of a reference can be matched (eq, width, dynamics, loudness, and how much of the limiter), and what
    people call it.
    autos: what people call the tools that decide by themselves, by effect ("auto eq").
    repairs: faults of a recording by the effect that mends them ("hiss" by denoise).
    versions: words about the versions of a conversation, by what they do there. chat: words that steer it ("save").
    edits: phrases that change a plan which stands ("the other way round", "instead"), by what they do.
    answers: what is said to a question ("the first", "yes"), read where one was asked and nothing else is said.
    sections: what the parts of a song are called, by the names of `bridge.analysis.form_names`.
    particles: little words that the grammar asks for by a name ("to", "left"), with endings and beginnings.
    nouns: further words for stems that bear a name of another language ("gesang" for "vocal").
    tails: what is said of the end of a sound. forms: how words change.
    """

    language: str
    name: str
    particles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    edits: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    answers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    sections: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    nouns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    tails: Tails = Field(default_factory=Tails)
    forms: Forms = Field(default_factory=Forms)
    roles: dict[str, tuple[str, ...]]
    instruments: tuple[str, ...] = ()
    degrees: dict[str, float]
    numbers: dict[str, float] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)
    aspects: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    effects: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    autos: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    repairs: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    versions: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    chat: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    parameters: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    settings: dict[str, dict[str, float]] = Field(default_factory=dict)
    shapes: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Lexicon(Grammar):
    """All words of one language, with what those of taste and of regions mean. loans: the language whose terms its
    speakers mix in."""

    areas: tuple[Area, ...] = ()
    descriptors: tuple[Descriptor, ...] = ()
    impossible: tuple[Impossible, ...] = ()
    concepts: tuple[Concept, ...] = ()
    choices: tuple[Choice, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    loans: Lexicon | None = None

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
        """Phrases with their meanings, the borrowed behind its own; a later one never takes the place of an earlier."""
        index = self._index()
        little = {word for role in ("filler", "at") for word in self.roles.get(role, ()) if " " not in word}
        for phrase, meaning in self.loans._all() if self.loans is not None else ():
            if meaning.role not in _NEVER_LENT and not begins_with(phrase, little):
                index.add(phrase, meaning)
        return index

    @cached_property
    def own_phrases(self) -> Phrases:
        """Those that it does not borrow."""
        return self.phrases if self.loans is None else self._index()

    def _index(self) -> Phrases:
        index = Phrases(plain=self.forms.plain)
        for phrase, meaning in self._all():
            index.add(self.forms.leaned(phrase), meaning)
        return index

    @cached_property
    def own_words(self) -> frozenset[str]:
        """The single words of its own phrases, without those that it borrows."""
        return frozenset((*self.own_phrases.words, *self._counting_words))

    @property
    def _counting_words(self) -> tuple[str, ...]:
        little = (word for words in self.particles.values() for word in words)
        return (*self.numbers, *self.units, *little)

    @cached_property
    def beside(self) -> dict[str, frozenset[str]]:
        """Words that say nothing by themselves ("de" in "de esser"), with those that they stand beside."""
        return self.own_phrases.beside(frozenset(self._counting_words))

    @cached_property
    def reader(self) -> Reader:
        """How the words of a request are read as words of this lexicon."""
        return Reader(self.forms, {*self.own_words, *self.phrases.words}, self.phrases.parts(_UNCHANGING))

    @cached_property
    def own_reader(self) -> Reader:
        """The same without what is borrowed: by this a language is told from others."""
        parts = self.phrases.parts(_UNCHANGING)
        tables = (self.versions, self.answers, self.edits, self.chat)
        phrases = (phrase for table in tables for phrases in table.values() for phrase in phrases)
        known = self.own_words.union(word for word in " ".join(phrases).split() if len(word) > 1)
        return Reader(self.forms, known, parts & self.own_words)

    @cached_property
    def edit_phrases(self) -> EditPhrases:
        """The phrases of all edits, in whatever form they are said."""
        return EditPhrases(self.edits, self.forms)

    @cached_property
    def version_phrases(self) -> Openings:
        """What requests about versions begin with."""
        return Openings(self.versions, self.forms)

    @cached_property
    def edit_words(self) -> frozenset[str]:
        """Words of all edits, which are no slips of others."""
        return frozenset(word for phrases in self.edits.values() for each in phrases for word in each.split())

    @cached_property
    def asides(self) -> frozenset[str]:
        """What people say beside a wish without asking for anything ("nah", "fair enough")."""
        return frozenset(self.edits.get("interjection", ()))

    @cached_property
    def little_words(self) -> Particles:
        return Particles(self.particles)

    @cached_property
    def all_units(self) -> dict[str, str]:
        """Symbols, which are the same everywhere, and the words of this language."""
        return {**UNITS, **self.units}

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
        yield from self._named("section", self.sections)
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
