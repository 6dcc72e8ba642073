"""A plan has room for so many steps, and never loses its last word on level."""

from __future__ import annotations

from bridge.planning.bench import Bench
from bridge.planning.context import Context
from bridge.planning.draft import Draft
from bridge.planning.steps import MOST_STEPS, steps_of
from bridge.presets import load_lexicon


def bench_with(gains: int, *effects: str) -> Bench:
    bench = Bench(Context(analyses={}, lexicon=load_lexicon()))
    for index in range(gains):
        parameters = {"gain_db": 1.0}
        bench.drafts["gain", "mix", None, str(index)] = Draft(
            "gain", "mix", parameters=parameters, spoken=index
        )
    for effect in effects:
        bench.drafts[effect, "mix", None, ""] = Draft(effect, "mix", spoken=gains)
    return bench


def test_of_too_many_steps_loudness_and_limiter_stay_and_the_rest_is_named() -> None:
    bench = bench_with(MOST_STEPS + 3, "loudness", "limiter")
    effects = [step.effect for step in steps_of(bench, in_order=False)]
    assert len(effects) == MOST_STEPS and effects[-2:] == ["loudness", "limiter"]
    (warning,) = [said for said in bench.warnings if "left out" in said]
    assert "5 more were left out: gain" in warning


def test_as_many_as_there_is_room_for_are_no_reason_to_warn() -> None:
    bench = bench_with(MOST_STEPS - 1, "limiter")
    assert len(steps_of(bench, in_order=True)) == MOST_STEPS
    assert not [said for said in bench.warnings if "left out" in said]
