"""How a job ends that has nothing to render: answered, left as it is, or waiting for other words."""

from __future__ import annotations

from bridge.jobs.spec import Kind, Planned
from bridge.jobs.states import State
from bridge.jobs.talk import RENDERED

_STATES: dict[str, State] = {
    "answer": "done",
    "no_op": "done",
    "clarify": "refused",
    "unsupported": "refused",
    "off_topic": "refused",
}
_NOT_IN_A_JOB = "undo, redo and compare speak of what was done before; a job has one file and one wish."


def is_rendered(planned: Planned) -> bool:
    """Whether a job that processes has something to render: a new plan; of a conversation also one to go back to, or
    two to compare."""
    kind = planned.outcome.kind
    known = kind == "plan" or planned.talk is not None
    return bool(planned.sides) or (known and kind in RENDERED and planned.outcome.plan is not None)


def ending(job: Kind, planned: Planned) -> tuple[State, str | None]:
    """The state in which it ends, and why where that is not "done"."""
    kind = planned.outcome.kind
    state: State = _STATES.get(kind, "refused")
    if job == "analyze" or (kind == "plan" and job == "plan"):
        state = "done"
    if planned.talk is not None and kind in (
        "undo",
        "redo",
    ):  # to the untouched original, which is there already
        state = "done"
    return state, None if state == "done" else _why(planned)


def _why(planned: Planned) -> str:
    outcome = planned.outcome
    if outcome.question:
        return outcome.question
    if outcome.unsupported:
        return "Cannot be done: " + "; ".join(outcome.unsupported)
    undone = outcome.kind in ("undo", "redo", "compare")
    return outcome.answer or (_NOT_IN_A_JOB if undone else outcome.kind)
