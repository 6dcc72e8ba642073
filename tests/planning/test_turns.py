"""What a turn knows of the turns before it."""

from __future__ import annotations

import pytest

from bridge.planning.plan import Plan
from bridge.presets import load_lexicon
from tests.planning.casebook import outcome_of

LANGUAGES = ("en", "de", "fr", "es")


def _after(*turns: str) -> Plan:
    plan: Plan | None = None
    for words in turns:
        plan = outcome_of(words, "song", plan).plan
        assert plan is not None, words
    assert plan is not None
    return plan


def _mix(plan: Plan) -> float:
    return float(next(step for step in plan.steps if step.effect == "reverb").parameters["mix"])


def _as_after_a_second_round(plan: Plan, mix: float) -> Plan:
    """The plan as a render leaves it that had to make the reverb stronger."""
    steps = tuple(
        step.model_copy(update={"planned": step.parameters, "parameters": step.parameters | {"mix": mix}})
        if step.effect == "reverb"
        else step
        for step in plan.steps
    )
    return plan.model_copy(update={"steps": steps}).with_id()


def test_every_wish_and_step_has_the_number_of_the_turn_that_asked_for_it_last():
    plan = _after("warmer", "add reverb", "even warmer")
    assert {intent.subject: intent.turn for intent in plan.intents} == {"warm": 3, "reverb": 2}
    assert {step.effect: step.turn for step in plan.steps}["reverb"] == 2


def test_even_more_is_more_than_what_the_second_round_made():
    refined = _as_after_a_second_round(_after("add reverb"), 0.3)
    more = outcome_of("even more", "song", refined).plan
    assert more is not None
    assert _mix(more) > 0.3


def test_other_wishes_leave_what_the_second_round_made():
    refined = _as_after_a_second_round(_after("add reverb"), 0.3)
    warmer = outcome_of("warmer", "song", Plan.model_validate(refined.to_json())).plan
    assert warmer is not None
    assert _mix(warmer) == 0.3


def test_a_number_that_is_said_then_holds_as_it_is_said():
    refined = _as_after_a_second_round(_after("add reverb"), 0.3)
    said = outcome_of("reverb mix 10 %", "song", refined).plan
    assert said is not None
    assert _mix(said) == 0.1


def test_a_plan_has_the_same_id_however_many_turns_led_to_it():
    assert (
        _after("reverb 20 % mix").id
        == _after("reverb 20 % mix").model_copy(update={"before": None}).with_id().id
    )


def test_the_answer_that_nothing_changes_says_where_it_stands():
    plan = _after("compress 3:1")
    answer = outcome_of("more compression 3:1", "song", plan).answer or ""
    assert "3:1" in answer
    assert "dBFS" in answer


def test_what_is_not_in_the_plan_is_told_with_what_is():
    said = " ".join(outcome_of("less chorus effect on it", "song", _after("warmer")).unsupported)
    assert "no chorus stands in the plan" in said
    assert "saturation" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_symptom_has_words_in_every_language(language):
    symptoms = load_lexicon(language).symptoms
    assert symptoms
    assert [symptom.name for symptom in symptoms if not symptom.words] == []


@pytest.mark.parametrize(
    ("turns", "effect", "parameter", "way"),
    [
        (("gate at -45 dB", "it's chopping off the word endings"), "gate", "release_ms", 1),
        (("de-ess it", "lisping a bit now"), "de_esser", "amount_db", -1),
        (("remove the noise", "sounds watery"), "denoise", "amount_db", -1),
        (("Rauschen entfernen", "klingt jetzt wässrig"), "denoise", "amount_db", -1),
        (("ajoute de la réverbe", "c'est noyé maintenant"), "reverb", "mix", -1),
        (("añade reverb", "suena muy lejos ahora"), "reverb", "mix", -1),
    ],
)
def test_a_symptom_changes_the_step_that_makes_it(turns, effect, parameter, way):
    then, now = (
        next(step for step in plan.steps if step.effect == effect).parameters[parameter]
        for plan in (_after(turns[0]), _after(*turns))
    )
    assert (now - then) * way > 0
