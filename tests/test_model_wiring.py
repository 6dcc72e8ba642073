"""A model that is configured is asked; one that fails is replaced, and the plan says why."""

from __future__ import annotations

from pathlib import Path

import bridge
from bridge.analysis.reading import Analysis
from bridge.bootstrap.planning import plan_words
from bridge.config import load
from bridge.rendering.proof.round import refined_once
from bridge.rendering.render import render
from tests.llm.asking import reply, step
from tests.llm.wire import says, serving

LOUD = {"input": Analysis.from_readings({"integrated_loudness": -9.0, "true_peak": -0.5})}


def _settings(tmp_path, **values):
    return load({"state": str(tmp_path / "state"), **values}, env={}).settings


def test_without_a_model_the_offline_planner_speaks(tmp_path):
    outcome = plan_words("-14 LUFS", LOUD, _settings(tmp_path))
    assert outcome.plan.planner.kind == "offline"
    assert outcome.plan.planner.fallback_reason is None


def test_a_model_that_is_not_there_is_replaced_and_the_plan_says_why(tmp_path):
    settings = _settings(
        tmp_path, model_base_url="http://127.0.0.1:9/v1", model_name="tiny", model_budget_s=5
    )
    outcome = plan_words("-14 LUFS", LOUD, settings)
    assert outcome.plan.planner.kind == "offline"
    assert "127.0.0.1:9" in outcome.plan.planner.fallback_reason
    assert [step.effect for step in outcome.plan.steps] == ["loudness"]


def test_a_model_that_was_asked_for_but_not_configured_is_said(tmp_path):
    outcome = plan_words("-14 LUFS", LOUD, _settings(tmp_path), planner="model")
    assert "model" in outcome.plan.planner.fallback_reason


def test_a_question_names_its_planner_and_why_the_model_did_not_ask_it(tmp_path):
    settings = _settings(
        tmp_path, model_base_url="http://127.0.0.1:9/v1", model_name="tiny", model_budget_s=5
    )
    outcome = plan_words("make it", LOUD, settings)
    assert (outcome.kind, outcome.plan) == ("clarify", None)
    assert outcome.planner.kind == "offline"
    assert "127.0.0.1:9" in outcome.planner.fallback_reason


def test_a_models_wish_is_proven_and_refined_like_one_that_was_heard_offline(tmp_path):
    """The promise belongs to the intent, whoever found it in the words."""
    guitar = bridge.read(Path(__file__).parents[1] / "docs" / "recordings" / "guit_e_fifths.flac")
    analysis = bridge.analyze(guitar, without=("tempo", "key"))
    with serving(says(reply(step(amount=1.0, words="warmer")))) as wire:
        settings = _settings(tmp_path, model_base_url=wire.base_url, model_name="tiny")
        told = plan_words("warmer", {"input": analysis}, settings).plan
    heard = plan_words("warmer", {"input": analysis}, _settings(tmp_path)).plan
    assert (told.planner.kind, heard.planner.kind) == ("model", "offline")
    assert told.promises == heard.promises and told.promises[0].name == "wish_warm"
    done = refined_once(told, lambda plan: render(guitar, plan))
    (check,) = [check for check in done.checks if check.shows]
    assert check.ok and not check.faint
    assert done.plan.planner.kind == "model" and any(
        text.startswith("refined once: ") for text in done.warnings
    )
