"""French: requests of its casebook, how its words are read, and that it is told from the other languages."""

from __future__ import annotations

import json

import pytest

from bridge.planning.tokens import named_phrases, tokenise
from bridge.presets import load_lexicon
from docs.reference.words import sentences_of
from tests.planning.casebook import cases, misses, outcome_of, played

FRENCH = cases("cases_fr")
LEXICON = load_lexicon("fr")


@pytest.mark.parametrize("case", FRENCH, ids=[f"{i}-{case['words'][:40]}" for i, case in enumerate(FRENCH)])
def test_an_engineer_in_a_french_studio_would_expect_this(case):
    outcome, before = played(case)
    assert not misses(case, outcome, before), json.dumps(outcome.to_json(), indent=1)[:3000]


def test_there_are_at_least_60_french_cases():
    assert len(FRENCH) >= 60


@pytest.mark.parametrize("words", sentences_of("fr"))
def test_each_french_sentence_of_the_manual_becomes_a_plan(words):
    outcome = outcome_of(words)
    assert outcome.plan is not None and outcome.plan.steps and not outcome.unsupported


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("rends la voix plus chaude", "fr"),
        ("plus chaud et plus sombre", "fr"),
        ("plus de reverb sur les drums", "fr"),
        ("plus de punch", "fr"),
        ("un peu plus de presence sur le lead vocal", "fr"),
        ("moins sourd", "fr"),
        ("mach den Gesang wärmer", "de"),
        ("make the vocal warmer", "en"),
        ("cut the mids and boost the air", "en"),
        ("-14 LUFS", "en"),
    ],
)
def test_french_is_told_from_the_other_languages(words, language):
    assert outcome_of(words).plan.language == language


def test_where_two_languages_know_as_many_words_the_turn_before_decides():
    before = outcome_of("plus chaud").plan
    assert outcome_of("compression", previous=before).plan.language == "fr"
    assert outcome_of("compression").plan.language == "en"


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("chaudes", ("chaud",)),
        ("boueuse", ("boueux",)),
        ("agressives", ("agressif",)),
        ("etouffee", ("étouffé",)),
        ("naturelle", ("naturel",)),
        ("brouillonne", ("brouillon",)),
        ("reverbe", ("réverbe",)),
        ("baisser", ("baisse",)),
        ("ajoutez", ("ajoute",)),
        ("élargir", ("élargis",)),
        ("l'air", ("l'", "air")),
        ("d'éclat", ("d'", "éclat")),
        ("coeur", ()),
        ("choeurs", ("chœurs",)),
    ],
)
def test_french_words_are_read_as_the_lexicon_has_them(word, read):
    assert LEXICON.reader.read(word) == read


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("quatre-vingts hertz", 80, "hz"),
        ("quatre-vingt-dix hertz", 90, "hz"),
        ("soixante-dix hertz", 70, "hz"),
        ("deux cent cinquante hertz", 250, "hz"),
        ("deux mille cinq cents hertz", 2500, "hz"),
        ("moins quatorze LUFS", -14, "lufs"),
        ("3,5 dB", 3.5, "db"),
        ("20 cents", 20, "cents"),
        ("deux demi-tons", 2, "st"),
        ("un demi dB", 0.5, "db"),
        ("quatre pour un", 4, ":1"),
    ],
)
def test_numbers_are_counted_as_french_counts_them(words, value, unit):
    found = [token for token in tokenise(words, LEXICON, named_phrases(())) if token.role == "quantity"]
    assert [(token.value, token.unit) for token in found] == [(pytest.approx(value), unit)]
