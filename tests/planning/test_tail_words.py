"""What words say of the end: ring out, cut, exact length, fade; and what of it is a length of the reverb instead."""

from __future__ import annotations

import pytest

from bridge.planning.diff import diff
from tests.planning.casebook import SOUNDS
from tests.planning.test_plugins import names
from tests.planning.zam import outcome_of

SONG = SOUNDS["song"]


def tail(words: str, previous=None) -> tuple[str, float] | None:
    found = outcome_of(words, SONG, previous).plan.tail
    return (found.policy, found.fade_ms) if found else None


@pytest.mark.parametrize(
    ("words", "policy"),
    [
        ("add reverb and cut the tail", "trim"),
        ("add reverb, cut off the reverb tail at the end", "trim"),
        ("reverb without a tail", "trim"),
        ("a big reverb, but keep the length exact", "trim"),
        ("some reverb, keep the exact same length as the source", "trim"),
        ("a bit of echo, don't change the length", "trim"),
        ("reverb, exactly as long as the original", "trim"),
        ("add reverb, let it ring out", "keep"),
        ("add reverb, 30 % wet, let the reverb ring out", "keep"),
        ("add reverb and don't cut the tail", "keep"),
        ("add reverb, keep the full tail", "keep"),
        ("add reverb, fade out the tail", "fade"),
    ],
)
def test_words_about_the_end_say_what_becomes_of_the_tail(words, policy):
    outcome = outcome_of(words, SONG)
    assert outcome.plan.tail.policy == policy
    assert outcome.unsupported == () and len(outcome.plan.steps) == 1


@pytest.mark.parametrize(
    ("words", "fade_ms"),
    [
        ("reverb, fade the tail over 2 s", 2000),
        ("reverb, fade the tail out over two seconds", 2000),
        ("reverb, let the tail fade over 800 ms", 800),
        ("reverb, fade the tail over 60 seconds", 10_000),
    ],
)
def test_a_fade_lasts_as_long_as_was_said_and_ten_seconds_at_most(words, fade_ms):
    assert tail(words) == ("fade", fade_ms)


@pytest.mark.parametrize(
    "words", ["reverb with a long tail", "reverb with a tail of 2 s", "a shorter tail, some reverb"]
)
def test_how_long_the_reverb_is_says_nothing_of_the_end(words):
    assert tail(words) is None


def test_the_length_of_the_reverb_and_its_end_can_be_said_at_once():
    outcome = outcome_of("reverb with a decay of 3 s, cut the tail", SONG)
    assert outcome.plan.tail.policy == "trim"
    assert outcome.plan.steps[0].parameters["decay_s"] == 3


def test_a_plugin_s_tail_is_heard_beside_its_name():
    outcome = outcome_of("echo with ZamDelay, 300 ms, let the echoes ring out", SONG)
    assert names(outcome) == ["ZamDelay"] and outcome.plan.tail.policy == "keep"


def test_the_end_stays_as_it_was_said_until_it_is_said_anew():
    first = outcome_of("add reverb, cut the tail", SONG).plan
    second = outcome_of("more reverb", SONG, first).plan
    third = outcome_of("let it ring out", SONG, second).plan
    assert [plan.tail.policy for plan in (first, second, third)] == ["trim", "trim", "keep"]
    assert third.steps == second.steps


def test_a_tail_without_any_step_is_answered():
    outcome = outcome_of("cut the tail", SONG)
    assert outcome.kind == "no_op" and "no tail" in outcome.answer


def test_a_difference_of_two_plans_shows_the_end():
    one = outcome_of("add reverb", SONG).plan
    two = outcome_of("fade the tail over 2 s", SONG, one).plan
    (change,) = diff(one, two)
    assert change.sentence() == "tail: as usual -> fade over the last 2 s"
