"""Complaints of what an effect of the plan does too much of: "lisping a bit now", "it's chopping off the words"."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.planning.clauses import Clause
from bridge.planning.given import Given
from bridge.planning.hearing.ear import Ear
from bridge.planning.hearing.edit_said import Said, degree
from bridge.planning.hearing.refer import add, effects
from bridge.planning.plan import Plan, Step
from bridge.planning.symptoms import Blame, Symptom

_OTHERWISE = ("not", "keep", "parameter", "quantity", "without")
"""Beside these the words ask for something else."""


def hear_symptom(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """Edits the step that is to blame; where several are, the one that was spoken of last."""
    if any(token.role in _OTHERWISE for token in clause.tokens):
        return False
    if _asks_for_it(clause):
        return _makes_it_so(ear, clause, plan)
    words = [word for token in clause.tokens for word in token.text.split()]
    lexicon = ear.context.lexicon
    known = (*lexicon.symptoms, *(lexicon.loans.symptoms if lexicon.loans else ()))
    for symptom in known:
        found = _to_blame(symptom, clause, plan) if symptom.is_said(words) else None
        if found is not None:
            _mend(ear, clause, *found)
            ear.mended = True
            return True
    return _makes_it_so(ear, clause, plan)


def _makes_it_so(ear: Ear, clause: Clause, plan: Plan) -> bool:
    """ "The noise reduction makes it bubbly": what an effect of the plan makes of the sound is a complaint of it,
    in whatever word, and the effect gives way. "... makes it nicer" is none."""
    verb = next((index for index, token in enumerate(clause.tokens) if token.named("renders")), 0)
    before, behind = clause.tokens[:verb], clause.tokens[verb + 1 :]
    named = [token for token in before if token.role == "effect"]
    if len(named) != 1 or any(token.role in ("make", "more", "less", "remove") for token in before):
        return False
    wrong = [token for token in behind if token.role == "unknown" or token.meaning.fault]
    if not wrong or any(token.role in ("effect", "more", "less", "remove") for token in behind):
        return False
    found = _to_blame(Symptom(name="", blames=(Blame(effect=named[0].subject),)), clause, plan)
    if found is None:
        return False
    _mend(ear, clause, *found)
    ear.mended = True
    return True


def _asks_for_it(clause: Clause) -> bool:
    """ "More punch"; "the punch is gone", which says it last, complains."""
    meant = [token for token in clause.tokens if token.role not in ("filler", "mark")]
    asks = any(token.role in ("make", "more") for token in meant[:-1])
    return asks and not any(token.role == "too" for token in meant)


def _to_blame(symptom: Symptom, clause: Clause, plan: Plan) -> tuple[Blame, list[Step]] | None:
    places = {token.subject for token in clause.tokens if token.role == "place"}
    named = {token.subject for token in effects(clause)}
    able = [
        (blame, step)
        for blame in symptom.blames
        for step in plan.steps
        if step.effect == blame.effect and step.enabled and (not places or step.where in places)
        if named <= {blame.effect}
    ]
    if not able:
        return None
    last = max(step.turn for _, step in able)
    blame = next(blame for blame, step in able if step.turn == last)
    return blame, [step for each, step in able if each is blame and step.turn == last]


def _mend(ear: Ear, clause: Clause, blame: Blame, steps: Sequence[Step]) -> None:
    amount = min(1.6, degree(clause))
    for step in steps:
        given = _numbers(blame, step, amount)
        add(ear, clause, "effect", step.effect, given, 1.0 if given else -amount)
        ear.intents[-1] = ear.intents[-1].model_copy(update={"where": step.where})


def _numbers(blame: Blame, step: Step, amount: float) -> Given:
    made: Given = {}
    for name, factor in blame.times.items():
        made[name] = round(float(step.parameters[name]) * factor**amount, 3)
    for name, change in blame.plus.items():
        made[name] = round(float(step.parameters[name]) + change * amount, 3)
    return made
