"""What a clause takes from the one beside it: late degrees, targets that answer a question, reasons that hold."""

from __future__ import annotations

import pytest

from tests.planning.casebook import outcome_of


@pytest.mark.parametrize("words", ["more bass", "add reverb", "tape saturation", "warmer"])
@pytest.mark.parametrize("behind", [", subtle", ", but gently", ", just a little"])
def test_a_degree_that_comes_late_makes_less_of_the_wish_before_it(words: str, behind: str) -> None:
    whole, late = (outcome_of(text).plan for text in (words, words + behind))
    assert whole is not None and late is not None
    strength = {"equalizer": "bands", "reverb": "mix", "saturation": "mix"}
    for plain, gentle in zip(whole.steps, late.steps, strict=True):
        before, after = (step.parameters[strength[step.effect]] for step in (plain, gentle))
        if isinstance(before, list):
            before, after = (sum(abs(band["gain_db"]) for band in bands) for bands in (before, after))
        assert 0 < after < 0.75 * before


def test_a_degree_that_comes_late_leaves_numbers_as_said() -> None:
    late = outcome_of("cut 3 dB at 250 Hz, gently").plan
    assert late is not None
    assert late.steps[0].parameters["bands"][0]["gain_db"] == -3


def test_a_target_answers_what_mastering_asks() -> None:
    assert outcome_of("master it for Spotify").warnings == ()


def test_the_tempo_is_no_reason_for_a_delay_time_that_was_said() -> None:
    made = outcome_of("delay 300 ms").plan
    assert made is not None
    assert "BPM" not in made.steps[0].reason


def test_what_was_not_understood_is_named_once() -> None:
    assert outcome_of("warmer and more flurgly, flurgly").unsupported == ("more flurgly",)


def test_bands_whose_wish_was_taken_back_get_no_gain_later():
    """A time behind the end of the sound takes its wishes back; the number that comes next is of none of them."""
    plan = outcome_of("0:00 9k 2k, +1.5 2k,", "band").plan
    assert plan is not None
    bands = [band for step in plan.steps if step.effect == "equalizer" for band in step.parameters["bands"]]
    assert {"frequency_hz": 2000, "gain_db": 1.5}.items() <= bands[-1].items()


@pytest.mark.parametrize(
    ("words", "sound"),
    [("headroom 1985 loudness", "staged"), ("lufs RMS 2.2", "bright"), ("minus 14s lush 0:42", "song")],
)
def test_numbers_in_odd_company_never_break_a_plan(words: str, sound: str) -> None:
    outcome = outcome_of(words, sound)
    assert outcome.plan is not None or outcome.question or outcome.unsupported or outcome.kind == "off_topic"
