"""A session is the fold of its turns."""

from __future__ import annotations

import json

import pytest

from bridge.errors import BadInput
from bridge.planning.plan import Outcome, Plan, Step
from bridge.session import Session, Turn


def made(gain_db: float) -> Turn:
    step = Step(id="gain-1", effect="gain", parameters={"gain_db": gain_db})
    plan = Plan(request=f"{gain_db} dB", steps=(step,)).with_id()
    return Turn(words=f"{gain_db} dB", outcome=Outcome(kind="plan", plan=plan))


def said(kind: str) -> Turn:
    return Turn(words=kind, outcome=Outcome(kind=kind))


def gain(session: Session) -> float | None:
    return session.plan.steps[0].parameters["gain_db"] if session.plan else None


@pytest.mark.parametrize(
    ("turns", "heard"),
    [
        ([], None),
        ([made(1)], 1),
        ([made(1), made(2)], 2),
        ([made(1), made(2), said("undo")], 1),
        ([made(1), said("undo")], None),
        ([made(1), said("undo"), said("undo"), said("undo")], None),
        ([made(1), made(2), said("undo"), said("redo")], 2),
        ([made(1), said("redo")], 1),
        ([made(1), made(2), said("undo"), made(3)], 3),
        ([made(1), made(2), said("undo"), made(3), said("redo")], 3),
        ([made(1), made(2), said("undo"), made(3), said("undo")], 1),
        ([made(1), said("answer"), said("clarify"), said("compare"), said("off_topic")], 1),
    ],
)
def test_what_is_heard_after_these_turns(turns, heard):
    assert gain(Session.fold(turns)) == heard


def test_undo_with_nothing_to_undo_says_so():
    assert Session().answered(Outcome(kind="undo")).kind == "no_op"
    assert Session.fold([made(1)]).answered(Outcome(kind="undo")).kind == "undo"
    assert Session.fold([made(1)]).answered(Outcome(kind="redo")).kind == "no_op"


def test_a_session_survives_json():
    session = Session.fold([made(1), made(2), said("undo")])
    assert Session.from_json(json.loads(json.dumps(session.to_json()))) == session


@pytest.mark.parametrize(
    "data", [None, [], {}, {"schema": 2, "turns": []}, {"schema": 1, "turns": [{"words": "x"}]}]
)
def test_a_broken_session_is_named(data):
    with pytest.raises(BadInput, match="session"):
        Session.from_json(data)
