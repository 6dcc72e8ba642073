"""Spanish: how it is told from its neighbours, and steers a conversation (the rest: test_foreign)."""

from __future__ import annotations

import pytest

from bridge.cli.chat_words import steering, versions_said
from tests.planning.casebook import outcome_of


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


def test_a_slip_in_a_word_with_an_ending_is_mended_without_its_accents():
    outcome = outcome_of("haz la voz más caldia")
    assert outcome.plan.intents[0].subject == "warm"
    assert any("cálido" in warning for warning in outcome.warnings)


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
