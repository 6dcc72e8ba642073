"""More of what fell short: the wish's own moves alone, within soft spans, never what the user said in numbers."""

from __future__ import annotations

import math

import pytest

from bridge.analysis.reading import Analysis
from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ
from bridge.planning.intent import Intent
from bridge.planning.plan import Plan, Step
from bridge.planning.promises.promise import Promise
from bridge.planning.promises.refining import Shortfall, refined
from bridge.planning.shows import Shows

WISH = "descriptor warm +1"
DRIVE = Step(
    id="saturation-1",
    effect="saturation",
    parameters={"drive_db": 3.0, "mix": 0.3},
    intent=WISH,
    reason="x",
)


def promise(**more) -> Promise:
    given = {
        "name": "wish_warm", "wish": WISH, "words": "warmer", "figure": "shows", "asked": 0.5, "unit": "dB",
        "shows": Shows(band_hz=(100, 400), against_hz=(2500, 16000)),
    }  # fmt: skip
    return Promise(**{**given, **more})


def equalizer(*bands: tuple[str, float, float], intent: str = WISH) -> Step:
    made = [{"kind": kind, "frequency_hz": hz, "gain_db": gain, "q": 0.7} for kind, hz, gain in bands]
    return Step(
        id="equalizer-1", effect="equalizer", parameters={"bands": made}, intent=intent, reason='"warmer": x.'
    )


def gains(plan: Plan | None) -> list[float]:
    assert plan is not None
    return [band["gain_db"] for band in plan.steps[0].parameters["bands"]]


def test_moves_grow_by_what_was_missing_and_a_little_more():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 1.0), ("high_shelf", 8000, -0.5)),))
    # 0.4 of 0.5 dB: a quarter more is needed, and 20 % for what effects answer less than linearly.
    assert gains(refined(plan, [Shortfall(promise(), 0.4)])) == pytest.approx([1.5, -0.75])


def test_nothing_grows_more_than_twofold_without_a_spectrum_nor_beyond_six_db():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 2.0)),))
    assert gains(refined(plan, [Shortfall(promise(), 0.01)])) == [4.0]
    plan = Plan(steps=(equalizer(("low_shelf", 220, 4.0)),))
    assert gains(refined(plan, [Shortfall(promise(), 0.01)])) == [6.0]


def pink(slope_db_per_octave: float = 0.0) -> Analysis:
    """A result whose third octaves are alike, or fall so steeply."""
    centres = [float(hz) for hz in THIRD_OCTAVES_HZ]
    levels = [slope_db_per_octave * math.log2(hz / 1000) for hz in centres]
    return Analysis({}, rate=48000, curves={"spectrum": {"centre_hz": centres, "level_db": levels}})


def test_a_band_grows_by_what_the_spectrum_of_the_result_says_that_it_takes():
    plan = Plan(steps=(equalizer(("bell", 200, 1.0), ("high_shelf", 1000, -1.0)),))
    low, high = gains(refined(plan, [Shortfall(promise(), -1.0, headroom_db=20.0, after=pink())]))
    # 1.6 dB are missing (0.5 and 20 %, from -1.0): the shelf lies under all of its region, the bell under most of its
    # own, so that together they move the balance by 1.5 to 2 times what each is given.
    assert low == pytest.approx(-high) and 1.6 / 2 < low - 1.0 < 1.6 / 1.5


def test_a_band_that_a_limiter_outdid_grows_by_what_that_takes_back_too():
    plan = Plan(steps=(equalizer(("bell", 200, 1.0), ("high_shelf", 1000, -1.0)),))
    free, held = (
        gains(refined(plan, [Shortfall(promise(), -1.0, headroom_db=room, after=pink())]))
        for room in (20.0, None)
    )
    assert free[0] < held[0] <= 6.0 and free[1] > held[1] >= -6.0


def test_a_band_that_pulls_the_other_way_stays():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 1.0), ("bell", 250, -1.0), ("high_shelf", 8000, -1.0)),))
    low, guard, high = gains(refined(plan, [Shortfall(promise(), 0.2, after=pink())]))
    assert low > 1.0 and guard == -1.0 and high < -1.0


def test_harmonics_stay_as_they_are_when_warmth_grows():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 1.0)), DRIVE))
    made = refined(plan, [Shortfall(promise(), 0.2, after=pink())])
    assert made is not None and made.steps[0] != plan.steps[0] and made.steps[1] == DRIVE


def test_harmonics_alone_are_no_way_to_warmth():
    assert refined(Plan(steps=(DRIVE,)), [Shortfall(promise(), 0.2, after=pink())]) is None


def test_what_other_steps_outdo_is_not_made_more_of():
    punch = promise(name="wish_punchy", shows=Shows(metric="crest_factor"), wish="descriptor punchy +1")
    shaper = Step(
        id="t-1",
        effect="transient_shaper",
        parameters={"attack_db": 3.0},
        intent="descriptor punchy +1",
        reason="x",
    )
    plan = Plan(steps=(shaper,))
    assert refined(plan, [Shortfall(punch, -2.8)]) is None  # a limiter takes it back
    more = refined(plan, [Shortfall(punch, 0.3)])
    assert more is not None and more.steps[0].parameters["attack_db"] == pytest.approx(6.0)


def test_less_than_noticed_is_faint_and_less_than_half_of_it_is_missed():
    wish = promise()
    assert wish.kept(0.5) and not wish.faint(0.5)
    assert wish.faint(0.3) and not wish.kept(0.3)
    assert not wish.faint(0.2) and not wish.faint(-0.4)
    assert not promise(open=False).faint(0.3)  # a number was said


def test_bands_that_other_wishes_asked_for_stay():
    plan = Plan(
        steps=(equalizer(("low_shelf", 220, 1.0), ("bell", 250, 3.0), ("bell", 1000, 2.0)),),
        intents=(Intent(operation="band", given={"kind": "bell", "frequency_hz": 250.0, "gain_db": 3.0}),),
    )
    low, said, middle = gains(refined(plan, [Shortfall(promise(), 0.3)]))
    assert low > 1.0 and said == 3.0 and middle == 2.0


def test_steps_that_answer_to_another_wish_stay():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 1.0), intent="descriptor bright +1"),))
    assert refined(plan, [Shortfall(promise(), 0.3)]) is None


def test_a_boost_stays_under_full_scale_where_nothing_holds_it():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 1.0)),))
    assert gains(refined(plan, [Shortfall(promise(), 0.1, headroom_db=0.4)])) == [1.4]


def test_a_plan_at_its_bounds_is_not_refined():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 9.0)),))
    assert refined(plan, [Shortfall(promise(), 0.1)]) is None


def test_a_number_beyond_the_soft_span_that_the_user_said_is_not_taken_back():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 12.0)),))
    assert refined(plan, [Shortfall(promise(), 0.1)]) is None


def test_the_reason_tells_what_was_measured():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 1.0)),))
    made = refined(plan, [Shortfall(promise(), 0.25)])
    assert made is not None and made.parent_id == plan.id and made.id != plan.id
    assert '"warmer"' in made.steps[0].reason and "+0.25 dB" in made.steps[0].reason


def test_a_tail_takes_the_root_of_what_is_missing_because_power_adds_up():
    room = promise(name="wish_reverb", figure="tail", shows=None, asked=1.0, wish="effect reverb +1")
    wet = Step(id="r", effect="reverb", parameters={"mix": 0.2}, intent="effect reverb +1", reason="x")
    made = refined(Plan(steps=(wet,)), [Shortfall(room, 0.5)])
    assert made is not None
    assert made.steps[0].parameters["mix"] == pytest.approx(0.2 * (1.2 / 0.5) ** 0.5, abs=0.001)
