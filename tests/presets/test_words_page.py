"""The page of what can be said: every word of taste stands on it once, and its sentences become plans."""

from __future__ import annotations

import pytest

from bridge.presets import languages, load_lexicon
from docs.reference.words import page, section, sentences_of, subject_of
from tests.planning.casebook import outcome_of

SENTENCES = sentences_of("en")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_becomes_a_plan_with_nothing_left_over(sentence):
    outcome = outcome_of(sentence)
    assert outcome.plan is not None and outcome.plan.steps, outcome
    assert not outcome.unsupported


def test_every_language_has_a_section():
    text = page()
    for language in languages():
        assert f"## {load_lexicon(language).name}\n" in text


def test_every_word_of_taste_stands_on_the_page_with_its_figure():
    text = section(load_lexicon("en"))
    for descriptor in load_lexicon("en").descriptors:
        assert descriptor.explains in text
        assert descriptor.shows_in is not None and descriptor.shows_in.title in text


def test_words_stand_under_the_subject_that_engineers_look_under():
    lexicon = load_lexicon("en")
    for name, subject in (
        ("boomy", "bottom"), ("muddy", "low_mids"), ("nasal", "mids"), ("harsh", "high_mids"), ("airy", "top"),
        ("warm", "balance"), ("punchy", "dynamics"), ("roomy", "space"), ("narrow", "space"), ("lofi", "colour"),
    ):  # fmt: skip
        descriptor = lexicon.descriptor(name)
        assert descriptor is not None and subject_of(descriptor) == subject, name
