"""The shape of a request: what only tells how a sound came about, and what asks for something."""

from __future__ import annotations

import pytest

from tests.planning.casebook import outcome_of


def _bands(words: str) -> list[tuple[float, float]]:
    plan = outcome_of(words).plan
    steps = plan.steps if plan is not None else ()
    return [
        (band["frequency_hz"], band["gain_db"])
        for step in steps if step.effect == "equalizer" for band in step.parameters["bands"]
    ]  # fmt: skip


def _effects(words: str) -> list[str]:
    plan = outcome_of(words).plan
    return [step.effect for step in plan.steps] if plan is not None else []


@pytest.mark.parametrize(
    ("story", "wish"),
    [
        ("we tracked this at grandpa's barn last night and my cousin says it sounds boxy", "it sounds boxy"),
        ("I ran the bass through a distortion pedal, now make it warmer", "make it warmer"),
        ("they boosted the highs in the other studio, so darker please", "darker please"),
        ("I cut this in a small church with two mics. Make it brighter", "make it brighter"),
    ],
)
def test_a_story_adds_nothing_to_the_wish_behind_it_and_leaves_nothing_over(story, wish):
    told, plain = outcome_of(story), outcome_of(wish)
    assert told.unsupported == ()
    assert [(step.effect, step.parameters) for step in told.plan.steps] == [
        (step.effect, step.parameters) for step in plain.plan.steps
    ]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("add a trumpet solo and make it warmer", "trumpet solo"),
        ("make it warmer and add some frobnication", "frobnication"),
        ("brighter, and more zorpy", "zorpy"),
        ("the guitar is too quazzy and the bass is too boomy", "quazzy"),
        ("warmer without zorp", "zorp"),
        ("frobnicate the vocals and add some reverb", "frobnicate"),
        ("add reverb and a glockenspiel", "glockenspiel"),
    ],
)
def test_what_is_asked_for_and_cannot_be_done_is_said_beside_what_is_done(words, left):
    outcome = outcome_of(words)
    assert outcome.plan is not None and left in " ".join(outcome.unsupported)


def test_a_story_alone_is_no_wish_and_is_not_passed_over_in_silence():
    outcome = outcome_of("we tracked the frobs in the barn last night")
    assert outcome.plan is None and outcome.kind in ("unsupported", "off_topic", "clarify")


@pytest.mark.parametrize("words", ["brighter without getting harsh", "silky top without harshness"])
def test_a_guard_bounds_its_own_band_and_leaves_the_rest_of_the_wish(words):
    from bridge.effects.dsp.biquad import response_db
    from bridge.effects.equalizer import Band, sections

    def curve(request: str, at_hz: float) -> float:
        import numpy as np

        bands = [
            band for step in outcome_of(request).plan.steps if step.effect == "equalizer"
            for band in step.parameters["bands"]
        ]  # fmt: skip
        each = [
            response_db(np.asarray(sections(Band.model_validate(b), 48000)), np.array([at_hz]), 48000)
            for b in bands
        ]
        return float(sum(one[0] for one in each))

    free = words.split(" without")[0]
    assert curve(words, 13000.0) >= 0.5 * curve(free, 13000.0) > 0.5
    assert curve(words, 3500.0) < 0.3 and curve(words, 3500.0) <= curve(free, 3500.0)


def test_a_decade_is_a_style_and_seconds_stay_seconds():
    assert "saturation" in _effects("make it sound like the 70s")
    plan = outcome_of("fade out over the last 30s").plan
    assert [step.parameters["out_s"] for step in plan.steps] == [30.0]


def test_an_808_is_an_instrument_and_808_hertz_a_frequency():
    assert outcome_of("more punch in the 808").unsupported == ()
    assert _bands("cut 3 dB at 808") == [(808.0, -3.0)]


@pytest.mark.parametrize(
    ("words", "band"),
    [
        ("dip 2 dB at two point five k", (2500.0, -2.0)),
        ("take 3 dB off at 1k2", (1200.0, -3.0)),
        ("cut 3 dB at 300, no wait, 400", (400.0, -3.0)),
        ("something rattles around 220 Hz", (220.0, -3.0)),
        ("it gets pokey around 3k", (3000.0, -3.0)),
    ],
)
def test_a_frequency_is_read_however_it_is_said(words, band):
    assert band in _bands(words)


def test_decibels_beside_a_word_of_taste_say_how_much_its_main_band_moves():
    assert max(gain for _, gain in _bands("+2 dB of air")) == pytest.approx(2.0)


def test_one_side_louder_than_the_other_is_a_matter_of_balance_and_not_of_level():
    assert _effects("the left is 2 dB louder than the right") == ["balance"]
    plan = outcome_of("the left is 2 dB louder than the right").plan
    assert plan.steps[0].parameters["right_over_left_db"] == 2.0


def test_why_somebody_asks_is_no_second_wish():
    assert _effects("a semitone higher, since our soprano cannot reach the low notes") == ["pitch_shift"]


@pytest.mark.parametrize(("words", "cents"), [("it is 30 cents flat", 30.0), ("it is 30 cents sharp", -30.0)])
def test_what_is_out_of_tune_is_put_right(words, cents):
    plan = outcome_of(words).plan
    assert [step.parameters["cents"] for step in plan.steps] == [cents]


def test_a_unit_before_for_is_no_plugin():
    plan = outcome_of("deliver at -24 LKFS, max -2 dBTP for US television").plan
    assert [(s.effect, s.parameters["ceiling_dbtp"]) for s in plan.steps] == [("loudness", -2.0)]


def test_what_is_good_as_it_is_asks_for_nothing():
    assert outcome_of("everything is fine except the boominess").unsupported == ()
