"""A session is the fold of its turns: versions in a tree, and nothing that was undone is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import BadInput
from bridge.planning.intent import Intent
from bridge.planning.plan import Outcome, Plan, Step
from bridge.planning.version import VersionWish, Which
from bridge.session import Session, Turn


def made(gain_db: float, *effects: str, base: int | None = None) -> Turn:
    steps = (
        Step(id="gain-1", effect="gain", parameters={"gain_db": gain_db}),
        *(Step(id=f"{effect}-1", effect=effect) for effect in effects),
    )
    asked = tuple(Intent(operation="effect", subject=effect) for effect in effects)
    plan = Plan(request=f"{gain_db} dB", steps=steps, intents=asked).with_id()
    return Turn(words=f"{gain_db} dB", outcome=Outcome(kind="plan", plan=plan), base=base)


def said(kind: str, wish: VersionWish | None = None) -> Turn:
    return Turn(words=kind, outcome=Outcome(kind=kind, version=wish))


def go(**which: object) -> Turn:
    return said("undo", VersionWish(do="go", which=Which.model_validate(which)))


def called(name: str) -> Turn:
    return said("answer", VersionWish(do="name", name=name))


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
        ([made(1), made(2), said("undo"), made(3), said("undo"), said("redo")], 3),
        ([made(1), made(2), said("undo"), made(3), go(number=2)], 2),
        ([made(1), made(2), said("undo"), made(3), go(number=2), said("undo"), said("redo")], 2),
        ([made(1), made(2), made(3), go(number=0), said("redo"), said("redo")], 2),
        ([made(1), made(2), made(3), go(back=2)], 1),
        ([made(1), made(2), made(3), go(back=9), go(newest=True)], 3),
        ([made(1), called("dark"), made(2), go(name="Dark")], 1),
        ([made(1), made(2, "delay"), made(3, "delay"), go(before="delay", topics=("effect:delay",))], 1),
        ([made(1, "delay"), made(2), go(before="delay", topics=("effect:delay",))], None),
        ([made(1), said("answer"), said("clarify"), said("compare"), said("off_topic")], 1),
        ([made(1), made(2, base=0), said("undo")], None),
        ([made(1), Turn(words="2", outcome=made(2).outcome, status="failed")], 1),
    ],
)
def test_what_is_heard_after_these_turns(turns, heard):
    assert gain(Session.fold(turns)) == heard


def test_an_edit_after_an_undo_keeps_what_was_undone():
    session = Session.fold([made(1), made(2), said("undo"), made(3)])
    assert [version.parent for version in session.versions] == [None, 0, 1, 1]
    assert [gain(session.seen_from(number)) for number in (1, 2, 3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("turns", "outcome", "answer"),
    [
        ([], Outcome(kind="undo"), "nothing to undo"),
        ([made(1)], Outcome(kind="redo"), "nothing to redo"),
        ([], Outcome(kind="compare"), "nothing to compare"),
        ([made(1)], go(number=7).outcome, "versions go from 0 (the original) to 1"),
        ([made(1)], go(number=1).outcome, "version 1 already"),
        (
            [made(1), called("dark")],
            go(name="bright").outcome,
            "No version is called bright; there are dark.",
        ),
        ([made(1)], go(before="delay", topics=("effect:delay",)).outcome, 'No version has "delay"'),
    ],
)
def test_what_is_not_there_is_said(turns, outcome, answer):
    found = Session.fold(turns).answered(outcome)
    assert found.kind == "no_op" and answer in (found.answer or "")


def test_undo_brings_the_plan_that_is_to_be_heard():
    session = Session.fold([made(1), made(2)])
    found = session.answered(Outcome(kind="undo"))
    assert found.plan == session.versions[1].plan and found.version is not None
    assert found.version.which == Which(number=1)
    assert session.after(Turn(words="undo", outcome=found)).at == 1


def test_compare_names_both_sides_and_the_original_where_none_is_said():
    session = Session.fold([made(1), called("dark"), made(2)])
    plain = session.answered(Outcome(kind="compare")).version
    assert plain is not None and (plain.against, plain.which) == (Which(number=0), Which(number=2))
    wish = VersionWish(do="compare", against=Which(name="dark"))
    named = session.answered(Outcome(kind="compare", version=wish)).version
    assert named is not None and (named.against, named.which) == (Which(number=1), Which(number=2))


def test_a_list_tells_every_version_with_its_parent_and_name():
    session = Session.fold([made(1), called("dark"), made(2), said("undo"), made(3)])
    listed = session.answered(said("answer", VersionWish(do="list")).outcome).answer
    assert listed == (
        'version 0 is the original; 1 "1 dB", called dark; 2 "2 dB"; 3 "3 dB" from 1, heard now.'
    )


_TURNS = st.lists(
    st.one_of(
        st.floats(-6, 6, allow_nan=False).map(made),
        st.sampled_from(
            [said("undo"), said("redo"), said("answer"), called("a"), go(name="a"), go(newest=True)]
        ),
        st.integers(0, 9).map(lambda number: go(number=number)),
    ),
    max_size=20,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(_TURNS)
def test_whatever_is_said_no_version_is_lost_and_undo_then_redo_comes_back(turns):
    session = Session.fold(turns)
    plans = [turn.outcome.plan for turn in turns if turn.outcome.kind == "plan"]
    assert [version.plan for version in session.versions[1:]] == plans
    if session.can_undo:
        assert Session.fold([*turns, said("undo"), said("redo")]).at == session.at


def test_a_session_survives_json():
    session = Session.fold([made(1), made(2), said("undo"), called("dark"), made(3), go(name="dark")])
    assert Session.from_json(json.loads(json.dumps(session.to_json()))) == session


@pytest.mark.parametrize(
    "data", [None, [], {}, {"schema": 2, "turns": []}, {"schema": 1, "turns": [{"words": "x"}]}]
)
def test_a_broken_session_is_named(data):
    with pytest.raises(BadInput, match="session"):
        Session.from_json(data)
