"""Lexicons: the words of a language and what they mean, from presets/lexicon.

`meanings.toml` says in dB and Hz what a word of taste or a region is, for all languages; `<language>.toml` holds the
words, under the same names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError

from bridge.errors import BadInput
from bridge.planning.lexicon import Grammar, Lexicon
from bridge.planning.meanings import Area, Choice, Concept, Descriptor, Impossible
from bridge.planning.symptoms import Symptom
from bridge.planning.tongues import Tongue, Tongues
from bridge.planning.value import Value
from bridge.presets.data import data_folder, table

_MEANINGS = "meanings"
_ENGLISH = "en"
"""The language whose sentences stand in where another has none."""


class _Known(Value):
    """A notion that people ask about, and the reading that answers."""

    name: str
    metric: str


class _Meanings(Value):
    """meanings.toml: descriptors and areas without words."""

    descriptors: tuple[Descriptor, ...] = ()
    areas: tuple[Area, ...] = ()
    concepts: tuple[_Known, ...] = ()
    symptoms: tuple[Symptom, ...] = ()


class _Taste(Value):
    """What a language says for a descriptor."""

    words: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    inverse_faults: tuple[str, ...] = ()


class _Reply(Value):
    """Words, and what is said to them."""

    words: tuple[str, ...]
    sentence: str = ""


class _Question(Value):
    words: tuple[str, ...]
    question: str = ""
    answers: dict[str, str] = Field(default_factory=dict)


class _Words(Grammar):
    """<language>.toml: words by the names of what they mean."""

    areas: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    descriptors: dict[str, _Taste] = Field(default_factory=dict)
    impossible: dict[str, _Reply] = Field(default_factory=dict)
    concepts: dict[str, _Reply] = Field(default_factory=dict)
    choices: dict[str, _Question] = Field(default_factory=dict)
    symptoms: dict[str, tuple[str, ...]] = Field(default_factory=dict)


@lru_cache(maxsize=16)
def load_lexicon(language: str = _ENGLISH, folder: Path | None = None) -> Lexicon:
    """The lexicon of a language by its two-letter name. Raises BadInput where there is none or it is broken."""
    known = languages(folder)
    if language not in known:
        raise BadInput(f"There is no lexicon for {language!r}; there is: {', '.join(known)}.")
    place = (folder or data_folder()) / "lexicon"
    words = _read(place / f"{language}.toml", _Words)
    english = words if language == _ENGLISH else _read(place / f"{_ENGLISH}.toml", _Words)
    meanings = _read(place / f"{_MEANINGS}.toml", _Meanings)
    _must_mean_something(words, meanings, f"{language}.toml")
    lexicon = _lexicon(words, english, meanings)
    if language == _ENGLISH:
        return lexicon
    return lexicon.model_copy(update={"loans": load_lexicon(_ENGLISH, folder)})


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """Languages that there are lexicons for, by their two-letter names."""
    files = ((folder or data_folder()) / "lexicon").glob("*.toml")
    return tuple(sorted(file.stem for file in files if file.stem != _MEANINGS))


@lru_cache(maxsize=4)
def load_tongues(folder: Path | None = None) -> Tongues:
    """Every language that there is a lexicon for, read when it is first asked for, and those that are only told apart
    (languages.toml). Raises BadInput where that file is broken."""
    path = (folder or data_folder()) / "languages.toml"
    known = languages(folder)
    try:
        others = [Tongue.model_validate({"code": code, **data}) for code, data in table(path).items()]
    except (ValidationError, TypeError) as error:
        raise BadInput(f"{path.name}: {error}") from None
    return Tongues(_WhenAsked(known, folder), tuple(each for each in others if each.code not in known))


class _WhenAsked(Mapping[str, Lexicon]):
    """Lexicons by language, English first, none of them read before it is looked up."""

    def __init__(self, known: tuple[str, ...], folder: Path | None) -> None:
        self._known = sorted(known, key=lambda language: (language != _ENGLISH, language))
        self._folder = folder

    def __getitem__(self, language: str) -> Lexicon:
        if language not in self._known:
            raise KeyError(language)
        return load_lexicon(language, self._folder)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


_Kind = TypeVar("_Kind", bound=Value)


def _read(file: Path, kind: type[_Kind]) -> _Kind:
    if not file.is_file():
        raise BadInput(f"Lexicon {file.name} is missing from {file.parent}.")
    try:
        return kind.model_validate(table(file))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"Lexicon {file.name}: {place}: {first['msg']}.") from None


def _must_mean_something(words: _Words, meanings: _Meanings, file: str) -> None:
    """Each name of taste and each region of a language must have its meaning."""
    for kind, named, known in (
        ("descriptors", words.descriptors, meanings.descriptors),
        ("areas", words.areas, meanings.areas),
        ("symptoms", words.symptoms, meanings.symptoms),
    ):
        missing = sorted(set(named) - {item.name for item in known})
        if missing:
            raise BadInput(f"Lexicon {file}: {kind}.{missing[0]}: {_MEANINGS}.toml has no such name.")


def _lexicon(words: _Words, english: _Words, meanings: _Meanings) -> Lexicon:
    metrics = {item.name: item.metric for item in meanings.concepts}
    plain = {name: getattr(words, name) for name in Grammar.model_fields}
    return Lexicon(
        **plain,
        areas=tuple(
            area.model_copy(update={"words": words.areas.get(area.name, ())}) for area in meanings.areas
        ),
        descriptors=tuple(
            _descriptor(item, words.descriptors.get(item.name)) for item in meanings.descriptors
        ),
        impossible=tuple(
            Impossible(name=name, words=item.words, sentence=_sentence(item, english.impossible.get(name)))
            for name, item in words.impossible.items()
        ),
        symptoms=tuple(
            item.model_copy(update={"words": words.symptoms.get(item.name, ())}) for item in meanings.symptoms
        ),
        concepts=tuple(
            Concept(
                name=name,
                words=item.words,
                sentence=_sentence(item, english.concepts.get(name)),
                metric=metrics.get(name),
            )
            for name, item in words.concepts.items()
        ),
        choices=tuple(
            Choice(
                name=name,
                words=item.words,
                question=_question(item, english.choices.get(name)),
                answers=item.answers or (english.choices[name].answers if name in english.choices else {}),
            )
            for name, item in words.choices.items()
        ),
    )


def _descriptor(meaning: Descriptor, taste: _Taste | None) -> Descriptor:
    return meaning if taste is None else meaning.model_copy(update=dict(taste))


def _sentence(own: _Reply, english: _Reply | None) -> str:
    return own.sentence or (english.sentence if english else "")


def _question(own: _Question, english: _Question | None) -> str:
    return own.question or (english.question if english else "")
