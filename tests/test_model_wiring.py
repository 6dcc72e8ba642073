"""A model that is configured is asked; one that fails is replaced, and the plan says why."""

from __future__ import annotations

from bridge.analysis.reading import Analysis
from bridge.bootstrap.planning import plan_words
from bridge.config import load

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
