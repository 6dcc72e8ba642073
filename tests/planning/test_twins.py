"""Stems whose names words cannot tell apart."""

from __future__ import annotations

import pytest

from bridge.analysis import Analysis
from bridge.planning.context import Context
from bridge.planning.listen import intents_from_words
from bridge.planning.plan import Outcome, PlannerInfo
from bridge.planning.planner import respond
from bridge.presets import load_lexicon

LOUD = Analysis.from_readings({"integrated_loudness": -20.0})


def answered(words: str, *stems: str, planner: PlannerInfo | None = None) -> Outcome:
    context = Context(dict.fromkeys(stems, LOUD), load_lexicon("en"))
    return respond(intents_from_words(words, context), context, words, planner)


@pytest.mark.parametrize("twins", [("Vocals", "vocals"), ("lead_vocals", "lead vocals")])
def test_a_wish_for_one_of_them_is_asked_back_and_names_both(twins: tuple[str, str]) -> None:
    outcome = answered(f"{twins[1]} 2 dB louder", *twins, "bass")
    assert outcome.kind == "clarify" and outcome.plan is None
    assert outcome.question is not None and f"{twins[0]} and {twins[1]}" in outcome.question


def test_the_other_stems_are_changed_without_a_question() -> None:
    outcome = answered("bass 2 dB louder", "Vocals", "vocals", "bass")
    assert outcome.plan is not None and [step.where for step in outcome.plan.steps] == ["bass"]


def test_a_model_spells_names_as_they_are_and_is_not_asked_back() -> None:
    outcome = answered("vocals 2 dB louder", "Vocals", "vocals", planner=PlannerInfo(kind="model", model="m"))
    assert outcome.kind == "plan"
