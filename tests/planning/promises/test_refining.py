"""More of what fell short: the wish's own moves alone, within soft spans, never what the user said in numbers."""

from __future__ import annotations

import pytest

from bridge.planning.intent import Intent
from bridge.planning.plan import Plan, Step
from bridge.planning.promises.promise import Promise
from bridge.planning.promises.refining import Shortfall, refined
from bridge.planning.shows import Shows

WISH = "descriptor warm +1"


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
    # 0.25 of 0.5 dB: twice as much is needed, and 20 % for what effects answer less than linearly.
    assert gains(refined(plan, [Shortfall(promise(), 0.25)])) == pytest.approx([2.4, -1.2])


def test_nothing_grows_more_than_threefold_nor_past_the_soft_span():
    plan = Plan(steps=(equalizer(("low_shelf", 220, 6.0)),))
    assert gains(refined(plan, [Shortfall(promise(), 0.01)])) == [
        9.0
    ]  # the soft span of a band's gain ends there


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
