"""Plans from outside: each mistake is one line that names step, field and span."""

from __future__ import annotations

import json
import re

import pytest

from bridge.errors import BadPlan
from bridge.planning.diff import diff
from bridge.planning.validate import plan_from_json
from tests.planning.casebook import outcome_of

MEAN_COMPRESSOR = "Step x: there is no effect 'compresor'; did you mean compressor?"
TWICE = {"id": "a", "effect": "gain"}


def a_plan(**changes):
    return {
        "schema": 1,
        "steps": [{"id": "gain-1", "effect": "gain", "parameters": {"gain_db": -3.0}}],
        **changes,
    }


def a_gain(parameters):
    return a_plan(steps=[{"id": "g", "effect": "gain", "parameters": parameters}])


def a_step(**changes):
    return a_plan(
        steps=[
            {"id": "eq", "effect": "equalizer", "parameters": {"bands": [{"frequency_hz": 250}]}, **changes}
        ]
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "A plan is a JSON object, not NoneType"),
        ([], "A plan is a JSON object, not list"),
        (a_plan(schema=2), "schema 2, this dawbridge reads schema 1"),
        (a_plan(schema="1"), "schema 1"),
        (a_plan(schema=True), "schema True"),
        (a_plan(steps="none"), "steps is a list"),
        (a_plan(steps=[3]), "Step 1: a step is a JSON object"),
        (a_plan(steps=[{"effect": "gain"}] * 65), "65 steps; at most 64"),
        (a_plan(steps=[{"id": "x", "effect": "compresor"}]), MEAN_COMPRESSOR),
        (a_plan(steps=[{"effect": None}]), "Step 1: there is no effect"),
        (a_plan(steps=[TWICE, TWICE]), "Step a: two steps have this id"),
        (a_gain({"gain_db": 99}), "Step g (gain): gain_db is 99, its span is -24 to 24 dB"),
        (a_gain({"gain": 3}), "there is no 'gain'; did you mean gain_db?"),
        (a_gain({"gain_db": "3"}), "gain_db is a number, not '3'"),
        (a_gain({"gain_db": True}), "gain_db is a number, not 'True'"),
        (a_gain({"gain_db": float("nan")}), "gain_db: nan is no number"),
        (a_plan(steps=[{"id": "g", "effect": "gain", "wet": float("inf")}]), "wet: inf is no number"),
        (a_plan(steps=[{"id": "g", "effect": "gain", "wet": 3}]), "Step g (gain): wet is 3"),
        (a_gain(3), "parameters is an object"),
        (a_plan(steps=[{"id": "g", "effect": "gain", "bogus": 1}]), "Step g (gain): there is no 'bogus'"),
        (a_step(parameters={"bands": [{"frequency_hz": 5}]}), "bands.0.frequency_hz is 5, its span is 20 to 20000 Hz"),
        (a_step(parameters={"bands": [{"gain_db": 5}]}), "bands.0.frequency_hz is missing"),
        (a_step(parameters={"bands": [{"frequency_hz": 250, "gian_db": 5}]}), "did you mean gain_db?"),
        (a_step(parameters={"bands": [{"frequency_hz": 250}] * 25}), "Step eq (equalizer): bands"),
        (a_step(region={"start_s": 5, "end_s": 2}), "region ends at 2 s, before it starts"),
        (a_plan(colour="red"), "Plan: there is no 'colour'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(data, said):
    with pytest.raises(BadPlan) as caught:
        plan_from_json(data)
    assert said in caught.value.message
    assert "\n" not in caught.value.message and len(caught.value.message) < 400


def test_nesting_without_end_is_no_plan():
    deep: dict = {}
    for _ in range(5000):
        deep = {"a": deep}
    with pytest.raises(BadPlan, match="nested too deeply"):
        plan_from_json(a_plan(steps=[{"effect": "gain", "parameters": deep}]))


def test_what_is_left_out_is_the_effects_default():
    plan = plan_from_json({"steps": [{"effect": "limiter"}]})
    assert plan.steps[0].id == "limiter-1"
    assert plan.steps[0].parameters["ceiling_dbtp"] == -1.0
    assert plan.id


def test_an_outcome_file_holds_a_plan():
    outcome = outcome_of("warmer, -14 LUFS")
    assert plan_from_json(json.loads(json.dumps(outcome.to_json()))) == outcome.plan


def test_a_hand_edit_is_seen_by_diff():
    old = outcome_of("cut 3 dB at 250 Hz, -14 LUFS").plan
    data = old.to_json()
    data["steps"][0]["parameters"]["bands"][0]["gain_db"] = -4.5
    data["steps"][1]["enabled"] = False
    new = plan_from_json(data)
    assert [(c.kind, c.step, c.path, c.old, c.new) for c in diff(old, new)] == [
        ("changed", "equalizer-1", "parameters.bands.0.gain_db", -3.0, -4.5),
        ("changed", "loudness-1", "enabled", True, False),
    ]
    assert new.id != old.id


def test_diff_names_what_came_and_went():
    old, new = (
        outcome_of("cut 3 dB at 250 Hz, -14 LUFS").plan,
        outcome_of("cut 3 dB at 250 Hz, a bit of reverb").plan,
    )
    assert [(c.kind, c.effect) for c in diff(old, new)] == [("removed", "loudness"), ("added", "reverb")]
    assert diff(old, old) == ()


def test_diff_sees_a_changed_order():
    old = outcome_of("compress gently, a bit of reverb").plan
    new = old.model_copy(update={"steps": tuple(reversed(old.steps))})
    assert {c.path for c in diff(old, new)} == {"order"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            [-20],
            "threshold_db takes a number, a text, or true or false, not a list; automation moves it over time",
        ),
        (
            {"to": -20},
            "threshold_db takes a number, a text, or true or false, not an object; automation moves it",
        ),
        (None, "threshold_db takes a number, a text, or true or false, not null"),
    ],
)
def test_a_plugin_s_parameter_of_a_wrong_kind_is_told_in_words(value, said):
    step = {
        "effect": "hosted_plugin",
        "parameters": {"plugin": {"name": "Z"}, "parameters": {"threshold_db": value}},
    }
    with pytest.raises(BadPlan, match=re.escape(said)):
        plan_from_json({"steps": [step]})


def test_whatever_a_step_is_called_the_mistake_stays_one_short_line():
    mistake = {"id": "a\nb" + "x" * 10_000, "effect": "gain", "parameters": {"gain_db": 1e6}}
    with pytest.raises(BadPlan) as caught:
        plan_from_json(a_plan(steps=[mistake]))
    assert "\n" not in caught.value.message and len(caught.value.message) < 200
