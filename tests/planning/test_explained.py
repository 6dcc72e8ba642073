"""Questions about a tool are answered in plain words; those about the plan tell the plan."""

from __future__ import annotations

import pytest

from bridge.effects import BY_NAME
from bridge.planning.explained import PLAIN
from tests.planning.casebook import outcome_of


def test_each_effect_is_explained():
    assert set(PLAIN) == set(BY_NAME)


@pytest.mark.parametrize(
    ("words", "effect"),
    [
        ("what does a limiter do?", "limiter"),
        ("whats a de-esser even for", "de_esser"),
        ("what is compression", "compressor"),
        ("Was macht ein Limiter?", "limiter"),
        ("c'est quoi un compresseur ?", "compressor"),
        ("qu'est-ce qu'un compresseur ?", "compressor"),
        ("¿para qué sirve un ecualizador?", "equalizer"),
    ],
)
def test_a_tool_is_explained_in_plain_words(words, effect):
    outcome = outcome_of(words)
    assert outcome.kind == "answer"
    assert PLAIN[effect] in outcome.answer


def test_a_tool_that_stands_in_the_plan_is_answered_by_the_plan():
    made = outcome_of("compress 4:1").plan
    asked = outcome_of("why is there a compressor?", previous=made)
    assert asked.answer.startswith("compressor:")
    assert PLAIN["compressor"] not in asked.answer


def test_a_tool_that_the_plan_lacks_is_named_as_lacking_before_it_is_explained():
    made = outcome_of("compress 4:1").plan
    asked = outcome_of("did you use a limiter?", previous=made)
    assert asked.answer.startswith("There is no limiter in the plan.")


@pytest.mark.parametrize(
    "words",
    ["which plugins do I have for a compressor?", "which tracks have a reverb?", "what is the level?"],
)
def test_what_is_there_is_no_question_for_what_it_is(words):
    assert not any(plain in outcome_of(words).answer for plain in PLAIN.values())
