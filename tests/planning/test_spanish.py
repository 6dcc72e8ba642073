"""Spanish: requests of its casebook, how its words are read, and that it is told from the other languages."""

from __future__ import annotations

import json

import pytest

from bridge.cli.chat_words import steering, versions_said
from bridge.planning.tokens import named_phrases, tokenise
from bridge.presets import load_lexicon
from docs.reference.words import sentences_of
from tests.planning.casebook import cases, misses, outcome_of, played

SPANISH = cases("cases_es")
LEXICON = load_lexicon("es")


@pytest.mark.parametrize("case", SPANISH, ids=[f"{i}-{case['words'][:40]}" for i, case in enumerate(SPANISH)])
def test_an_engineer_in_a_spanish_speaking_studio_would_expect_this(case):
    outcome, before = played(case)
    assert not misses(case, outcome, before), json.dumps(outcome.to_json(), indent=1)[:3000]


def test_there_are_at_least_60_spanish_cases():
    assert len(SPANISH) >= 60


@pytest.mark.parametrize("words", sentences_of("es"))
def test_each_spanish_sentence_of_the_manual_becomes_a_plan(words):
    outcome = outcome_of(words)
    assert outcome.plan is not None and outcome.plan.steps and not outcome.unsupported


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("haz la voz más cálida", "es"),
        ("más reverb en los drums", "es"),
        ("boost a los highs y ponle un poco de delay", "es"),
        ("subile un toque a los agudos", "es"),
        ("brillante", "es"),
        ("mas brillante", "es"),
        ("menos catorce LUFS", "es"),
        ("rends la voix plus chaude", "fr"),
        ("plus chaud et plus sombre", "fr"),
        ("mach den Gesang wärmer", "de"),
        ("make the vocal warmer", "en"),
        ("natural", "en"),
        ("-14 LUFS", "en"),
    ],
)
def test_spanish_is_told_from_the_other_languages(words, language):
    assert outcome_of(words).plan.language == language


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("mais graves na guitarra", "Portuguese"),
        ("menos reverb na voz", "Portuguese"),
        ("a voz está muito nasal", "Portuguese"),
        ("corta os graves", "Portuguese"),
        ("mais brilho", "Portuguese"),
        ("tira o ruído", "Portuguese"),
        ("più bassi", "Italian"),
        ("meno riverbero", "Italian"),
        ("comprimi la batteria", "Italian"),
        ("alza la voce", "Italian"),
    ],
)
def test_the_neighbours_of_spanish_are_not_taken_for_it(words, name):
    outcome = outcome_of(words)
    assert outcome.kind == "unsupported" and f"{name} is not understood yet" in " ".join(outcome.unsupported)


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("cálidas", ("cálido",)),
        ("calida", ("cálido",)),
        ("brillantes", ("brillante",)),
        ("chillona", ("chillón",)),
        ("metálicas", ("metálico",)),
        ("embarradas", ("embarrado",)),
        ("subir", ("sube",)),
        ("comprimiendo", ("comprime",)),
        ("bajes", ("baja",)),
        ("súbelo", ("sube", "lo")),
        ("bajalas", ("baja", "las")),
        ("atenuándolo", ("atenúa", "lo")),
        ("sacale", ("saca", "le")),
        ("zurriburri", ()),
    ],
)
def test_spanish_words_are_read_as_the_lexicon_has_them(word, read):
    assert LEXICON.reader.read(word) == read


def test_a_slip_in_a_word_with_an_ending_is_mended_without_its_accents():
    outcome = outcome_of("haz la voz más caldia")
    assert outcome.plan.intents[0].subject == "warm"
    assert any("cálido" in warning for warning in outcome.warnings)


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("doscientos cincuenta hercios", 250, "hz"),
        ("treinta y cinco hercios", 35, "hz"),
        ("dos mil quinientos hercios", 2500, "hz"),
        ("menos catorce LUFS", -14, "lufs"),
        ("3,5 dB", 3.5, "db"),
        ("3.000 Hz", 3000, "hz"),
        ("medio dB", 0.5, "db"),
        ("cuatro a uno", 4, ":1"),
        ("30 por ciento", 30, "%"),
    ],
)
def test_numbers_are_counted_as_spanish_counts_them(words, value, unit):
    found = [token for token in tokenise(words, LEXICON, named_phrases(())) if token.role == "quantity"]
    assert [(token.value, token.unit) for token in found] == [(pytest.approx(value), unit)]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("guárdalo", "save"),
        ("guarda como mezcla.wav", "save"),
        ("¡ayuda!", "help"),
        ("¿qué puedo decir?", "help"),
        ("¡adiós!", "quit"),
    ],
)
def test_a_conversation_is_steered_in_spanish(line, what):
    said = steering(line)
    assert said is not None and said.what == what


@pytest.mark.parametrize(
    ("line", "do"),
    [
        ("vuelve a la versión 2", "go"),
        ("vuelve a la version 2", "go"),
        ("la segunda versión", "go"),
        ("deshaz dos veces", "go"),
        ("¿qué versiones tengo?", "list"),
        ("llama a esto oscuro", "name"),
        ("compara con la versión 1", "compare"),
    ],
)
def test_versions_are_spoken_of_in_spanish(line, do):
    wish = versions_said(line, ())
    assert wish is not None and wish.do == do
