"""Words that point at turns: "split the difference", "bring the flanger back", "the second one a bit less".

What they point at, the plan remembers: which turn asked for what, and what the turn before had left.
"""

from __future__ import annotations

from collections.abc import Callable

from bridge.planning.clauses import Clause
from bridge.planning.hearing.ear import BACK, BARE, MORE_AGAIN, Ear
from bridge.planning.hearing.edit_bands import refine
from bridge.planning.hearing.edit_said import Said, degree
from bridge.planning.hearing.refer import add, effects, standing
from bridge.planning.plan import Plan

_AWAY = ("remove", "less", "without")


def of_turns(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """Whether the clause pointed at what turns have made, and has been heard."""
    ear.both = ear.both or said.has("both")
    listeners: tuple[Callable[[Ear, Clause, Said, Plan], bool], ...] = (
        _eased, _fine, _halfway, _restored, _same_but, _nth, _rest, _all_but, _undone, _unboosted, _swing,
    )  # fmt: skip
    return any(listen(ear, clause, said, plan) for listen in listeners)


def _eased(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "It chops off the words, ease off": what the complaint has asked for already."""
    roles = {token.role for token in clause.tokens if not any(token is other for other in said.used)}
    away = said.has("ease", "shallower") or bool({*_AWAY, "back"} & roles)
    return ear.mended and away and roles <= {*BARE, "back", "remove", "again"}


def _fine(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "The cut was fine", beside something that is not."""
    if not said.has("fine") or any(token.role in ("quantity", "not", "too") for token in clause.tokens):
        return False
    ear.content = True
    return True


def _halfway(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    if not said.has("halfway") or any(
        t.role in ("quantity", "descriptor", "effect") for t in clause.tokens if t not in said.used
    ):
        return False
    ear.intents = [
        intent for intent in ear.intents if intent.operation != "again"
    ]  # "too much, meet in the middle"
    ear.open_bands = []
    ear.complaint = None
    add(ear, clause, "halfway")
    return True


def _restored(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Bring it back", "put the flanger back in": where the last turn took it away."""
    before = plan.before
    if not said.has("restore") or before is None:
        return False
    gone = {step.effect for step in before.steps} - {*standing(plan)}
    named = [token.subject for token in effects(clause)]
    plain = all(t.role in (*BARE, "effect", "back", "undo") for t in clause.tokens if t not in said.used)
    if not gone or not plain or not set(named) <= gone:
        return False
    for name in named or [""]:
        add(ear, clause, "restore", name)
    return True


def _same_but(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Same on the bass, but gentler"."""
    last = ear.intents[-1] if ear.intents else None
    if last is None or last.operation != "same" or any(t.role == "place" for t in clause.tokens):
        return False
    gentler, harder = said.has("broader", "shallower", "ease"), said.has("deeper")
    if not (gentler or harder) or any(t.role not in BARE for t in clause.tokens if t not in said.used):
        return False
    step = (BACK if gentler else MORE_AGAIN) - 1
    add(ear, clause, "again", "", {}, 1 + step * min(1.0, degree(clause)))
    return True


def _nth(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "The second one a little less", of what one turn has asked for."""
    ordinals = ear.context.lexicon.versions.get("ordinals", ())
    words = [word for token in clause.tokens for word in token.text.split()]
    nth = next((at for at, ordinal in enumerate(ordinals, 1) if ordinal in words), 0)
    roles = {token.role for token in clause.tokens if token.text not in ordinals}
    if not nth or not roles & {"more", "less", "too", "remove"} or not roles <= {*BARE, "remove", "back"}:
        return False
    way = 0.0 if "remove" in roles else BACK if roles & {"less", "too"} else MORE_AGAIN
    add(
        ear,
        clause,
        "again",
        "",
        {"nth": float(nth)},
        1 + (way - 1) * (min(1.0, degree(clause)) if way else 1.0),
    )
    return True


def _rest(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Keep the EQ, lose the rest"."""
    kept = [i.subject.partition(":")[2] for i in ear.intents if i.subject.startswith("effect:")]
    named = [name for name in kept if name in standing(plan)]
    away = any(token.role in _AWAY for token in clause.tokens)
    if not said.has("rest") or not away or not named:
        return False
    ear.intents = [intent for intent in ear.intents if not intent.subject.startswith("effect:")]
    ear.open_bands = []
    add(ear, clause, "only", "|".join(dict.fromkeys(named)))
    return True


def _all_but(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Drop everything except the loudness": said in two clauses."""
    roles = {token.role for token in clause.tokens}
    if "everything" in roles and roles & {*_AWAY} and roles <= {*BARE, *_AWAY, "everything"}:
        add(ear, clause, "remove", "*")
        return True
    named = list(dict.fromkeys(token.subject for token in effects(clause)))
    last = ear.intents[-1] if ear.intents else None
    if last is None or (last.operation, last.subject) != ("remove", "*") or clause.opener != "but":
        return False
    if not named or not set(named) <= {*standing(plan)} or not roles <= {*BARE, "effect"}:
        return False
    ear.forget(len(ear.intents) - 1)
    add(ear, clause, "only", "|".join(named))
    return True


def _unboosted(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Undo the boost", of a band beside other steps."""
    if not any(token.role == "undo" for token in clause.tokens) or not said.has("raised", "lowered"):
        return False
    sign = 1.0 if said.has("raised") else -1.0
    bands = [
        i for i in plan.intents if i.operation == "band" and float(i.given.get("gain_db", 0.0)) * sign > 0
    ]
    if bands:
        edit = refine(bands[-1], {"remove": 1.0})
        add(ear, clause, edit.operation, edit.subject, edit.given)
        ear.intents[-1] = ear.intents[-1].model_copy(update={"where": edit.where})
    return bool(bands)


_SLOWER, _FASTER = 0.7, 1.4


def _swing(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Slower", of a chorus that the last turn was about."""
    roles = {token.role for token in clause.tokens}
    way = _FASTER if "faster" in roles else _SLOWER if "slower" in roles else 0.0
    last = max((step.turn for step in plan.steps), default=0)
    swings = [step for step in plan.steps if step.turn == last and step.parameters.get("rate_hz")]
    if not way or not swings or not roles <= {*BARE, "faster", "slower", "effect"}:
        return False
    rate = float(swings[-1].parameters["rate_hz"]) * way ** min(1.6, degree(clause))
    add(ear, clause, "effect", swings[-1].effect, {"rate_hz": round(rate, 3)})
    ear.intents[-1] = ear.intents[-1].model_copy(update={"where": swings[-1].where})
    return True


_OF_TIME = {"tempo": "time_stretch", "pitch": "pitch_shift", "key": "pitch_shift"}
"""Notions that an effect of the plan has changed."""


def _undone(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Tempo back to how it was", "undo the reverb", "leave the tempo alone after all": out of the plan with it."""
    undone = said.has("undone") or any(token.role == "undo" for token in clause.tokens)
    left = any(token.role == "keep" for token in clause.tokens)
    named = [_OF_TIME.get(t.subject, t.subject) for t in clause.tokens if t.role in ("effect", "concept")]
    named = [name for name in dict.fromkeys(named) if name in standing(plan)]
    if left and not undone:
        named = [name for name in named if name in _OF_TIME.values()]
    if not named or not (undone or left) or any(token.role == "quantity" for token in clause.tokens):
        return False
    if left and any(intent.operation == "remove" for intent in ear.intents):
        return False  # "lose the speed change, keep the pitch"
    for name in named:
        add(ear, clause, "remove", name)
    return True
