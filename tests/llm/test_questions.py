"""A question that was put is remembered: the next words answer it, whoever asked it and in whatever language."""

from __future__ import annotations

import json

import pytest

from bridge.analysis.reading import Analysis
from bridge.bootstrap.planning import plan_words
from bridge.config import load
from bridge.session import Session, SoFar, Turn
from tests.llm.asking import number, reply, step
from tests.llm.wire import says, serving

SOUND = {"input": Analysis.from_readings({"integrated_loudness": -19.3, "true_peak": -6.2}, 48000, 2, 480000)}
CHOICES = [
    {"label": "the low mids", "words": "cut 3 dB at 300 Hz"},
    {"label": "the top", "words": "cut 3 dB at 8 kHz"},
]
ASKED = reply(outcome="clarify", question="Which band?", choices=CHOICES)


def _band(hz: float, words: str) -> dict:
    given = [number("frequency_hz", hz), number("gain_db", -3.0)]
    return reply(step("band", None, kind="bell", parameters=given, words=words))


@pytest.fixture
def settings(tmp_path):
    return lambda wire: (
        load(
            {"state": str(tmp_path / "state"), "model_base_url": wire.base_url, "model_name": "tiny"}, env={}
        ).settings
    )


def _after(words: str, outcome) -> SoFar:
    return Session().after(Turn(words=words, outcome=outcome)).so_far


def _told(wire, at: int) -> dict:
    return json.loads(wire.seen[at].body["messages"][-1]["content"])


def test_the_second_of_a_model_s_choices_is_the_request_that_it_stands_for(settings):
    with serving(says(ASKED), says(_band(8000.0, "cut 3 dB at 8 kHz"))) as wire:
        first = plan_words("cut it", SOUND, settings(wire))
        assert (first.kind, first.question) == ("clarify", "Which band?")
        assert [choice.label for choice in first.choices] == ["the low mids", "the top"]
        second = plan_words("the second", SOUND, settings(wire), so_far=_after("cut it", first))
    assert _told(wire, 1)["request"] == "cut 3 dB at 8 kHz" and "asked_before" not in _told(wire, 1)
    bands = second.plan.steps[0].parameters["bands"]
    assert (bands[0]["frequency_hz"], bands[0]["gain_db"]) == (8000.0, -3.0)


def test_words_that_only_a_model_takes_for_an_answer_reach_it_with_the_question(settings):
    with serving(says(ASKED), says(_band(300.0, "where it booms"))) as wire:
        first = plan_words("cut it", SOUND, settings(wire))
        plan_words("where it booms like a barrel", SOUND, settings(wire), so_far=_after("cut it", first))
    told = _told(wire, 1)
    assert told["request"] == "where it booms like a barrel"
    assert told["asked_before"] == {"request": "cut it", "question": "Which band?", "choices": CHOICES}


def test_choices_that_are_none_are_left_out_and_the_question_stands(settings):
    odd = reply(outcome="clarify", question="Which?", choices=[3, {"label": ""}, {"label": "a"}, CHOICES[0]])
    with serving(says(odd)) as wire:
        outcome = plan_words("cut it", SOUND, settings(wire))
    assert [choice.words for choice in outcome.choices] == ["cut 3 dB at 300 Hz"]


@pytest.mark.parametrize(
    ("words", "said", "language"),
    [
        ("もっと暖かい音にしてください", "ja", "ja"),
        ("もっと暖かい音にしてください", None, "ja"),
        ("もっと暖かい音にしてください", "the language of Japan", "ja"),
        ("etwas wärmer", "en", "de"),
        ("a bit warmer", "fr", "en"),
    ],
)
def test_a_model_hears_any_language_and_the_plan_says_which(words, said, language, settings):
    warm = {**reply(step(amount=0.5, words=words)), "language": said}
    with serving(says(warm)) as wire:
        outcome = plan_words(words, SOUND, settings(wire))
    assert outcome.plan.planner.kind == "model" and outcome.plan.language == language
    assert outcome.plan.steps


def test_a_language_that_only_a_model_hears_is_unsupported_without_it(settings, tmp_path):
    plain = load({"state": str(tmp_path / "state")}, env={}).settings
    assert plan_words("もっと暖かい音にしてください", SOUND, plain).kind == "unsupported"


def test_words_about_versions_never_reach_a_model(settings):
    with serving(says(ASKED)) as wire:
        so_far = SoFar(names=("dark",))
        assert plan_words("go back to dark", SOUND, settings(wire), so_far=so_far).kind == "undo"
        assert not wire.seen


def test_an_impulse_response_is_told_by_its_name_and_put_in_by_the_program(settings):
    words = 'convolve with "/home/ada/church.wav"'
    with serving(says(reply(step("effect", "convolution_reverb", words="convolve")))) as wire:
        outcome = plan_words(words, SOUND, settings(wire))
    assert _told(wire, 0)["impulse_response"] == "church.wav"
    assert "/home/ada" not in json.dumps(wire.seen[0].body)
    assert outcome.plan.steps[0].parameters["file"].endswith("church.wav")
