"""A question is remembered, and the next words may answer it."""

from __future__ import annotations

import pytest

from tests.planning.casebook import outcome_of


def test_a_question_offers_choices_and_says_what_it_was_asked_about():
    asked = outcome_of("normalize")
    assert asked.kind == "clarify"
    assert [choice.words for choice in asked.choices] == ["-14 LUFS", "normalize to -1 dBTP"]
    assert asked.request == "normalize"
    assert asked.to_json()["choices"] == [choice.label for choice in asked.choices]


@pytest.mark.parametrize(
    "words", ["the first", "1", "first one please", "-14", "streaming", "loudness", "a", "#1"]
)
def test_the_first_choice_is_taken_in_all_these_words(words):
    plan = outcome_of(words, asked=outcome_of("normalize")).plan
    assert plan is not None
    assert [step.effect for step in plan.steps] == ["loudness"]
    assert plan.steps[0].parameters["target_lufs"] == -14


@pytest.mark.parametrize(("words", "lufs"), [("-18", -18), ("-12", -12), ("16", -16), ("-20 LUFS", -20)])
def test_a_number_takes_the_place_of_the_one_that_was_offered(words, lufs):
    plan = outcome_of(words, asked=outcome_of("normalize")).plan
    assert plan is not None
    assert plan.steps[0].parameters["target_lufs"] == lufs


@pytest.mark.parametrize(
    "words", ["warmer", "never mind, just make it warmer", "high-pass at 80 Hz", "some reverb"]
)
def test_words_that_answer_nothing_are_a_request_of_their_own(words):
    asked = outcome_of("normalize")
    with_question, without = outcome_of(words, asked=asked), outcome_of(words)
    assert with_question == without


@pytest.mark.parametrize("words", ["what is the weather?", "blorf", "", "the seventeenth", "please"])
def test_words_that_mean_nothing_change_nothing(words):
    assert outcome_of(words, asked=outcome_of("normalize")).kind != "plan"


def test_an_answer_changes_nothing_of_the_plan_that_stands():
    before = outcome_of("a bit of reverb").plan
    asked = outcome_of("normalize", previous=before)
    after = outcome_of("the first", previous=before, asked=asked).plan
    assert after is not None
    assert [step.effect for step in after.steps] == ["reverb", "loudness"]


def test_a_question_that_was_not_answered_is_forgotten():
    asked = outcome_of("normalize")
    between = outcome_of("warmer", asked=asked)
    assert outcome_of("the first", previous=between.plan, asked=between).kind != "plan"


@pytest.mark.parametrize(
    "words", ["brighter and darker", "louder but quieter", "-14 LUFS or -16 LUFS", "fix it"]
)
def test_every_choice_of_a_question_is_a_request_that_can_be_met(words):
    asked = outcome_of(words)
    assert asked.kind == "clarify"
    assert asked.choices
    for choice in asked.choices:
        assert outcome_of(choice.label, asked=asked).kind in ("plan", "no_op"), choice
