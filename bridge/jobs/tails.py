"""What becomes of the sound after the end: the words, the request's option and the setting, in this order."""

from __future__ import annotations

from bridge.jobs.spec import JobSpec
from bridge.planning.plan import Outcome, Plan, Tail, TailPolicy


def with_tail(outcome: Outcome, spec: JobSpec, usual: Tail) -> Outcome:
    """The plan says what becomes of tails, so that it renders the same wherever it is rendered. Words about the end
    win over the request's option, and that over the setting; over a plan that is given, the option wins."""
    if outcome.plan is None:
        return outcome
    asked = spec.tail
    if spec.plan is None and outcome.plan.tail is not None:
        return _as_said(outcome, outcome.plan, outcome.plan.tail, asked, usual)
    tail = outcome.plan.tail or usual
    tail = tail.model_copy(update={"policy": asked}) if asked else tail
    if tail.policy == (outcome.plan.tail or Tail()).policy:
        return outcome
    return outcome.model_copy(update={"plan": outcome.plan.model_copy(update={"tail": tail}).with_id()})


def _as_said(outcome: Outcome, plan: Plan, said: Tail, asked: TailPolicy | None, usual: Tail) -> Outcome:
    """The tail that the words ask for; where they do not say how long it fades, as long as usual."""
    warnings = outcome.warnings
    if asked is not None and asked != said.policy:
        warnings = (
            *warnings,
            f"The words ask for tail = {said.policy}; they hold, and the option tail = {asked} does not.",
        )
    if "fade_ms" not in said.model_fields_set:
        said = said.model_copy(update={"fade_ms": usual.fade_ms})
    plan = plan.model_copy(update={"tail": said}).with_id()
    return outcome.model_copy(update={"plan": plan, "warnings": warnings})
