"""Words that point at what stands in the plan without an effect's number: "replace the compressor with a multiband
one", "only from 1:05 to 1:20", "none on the guitars", "quieter echoes", "half of that on the drums"."""

from __future__ import annotations

from collections.abc import Callable

from bridge.planning.clauses import Clause
from bridge.planning.frames import Frame
from bridge.planning.given import Given
from bridge.planning.hearing.ear import BACK, BARE, MORE_AGAIN, Ear
from bridge.planning.hearing.edit_said import Said, degree
from bridge.planning.hearing.when import ask, when, without
from bridge.planning.place import INPUT, MIX
from bridge.planning.plan import Plan
from bridge.planning.tokens import Token
from bridge.planning.turns import written

_GONE = 0.0
"""Of what was asked for, where none of it is wanted."""
_WET = ("reverb", "convolution_reverb", "delay", "chorus", "flanger", "phaser")
"""What is meant by "drier", in this order."""


def refers(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """Whether the clause pointed at something that stands in the plan, and has been heard."""
    listeners: tuple[Callable[[Ear, Clause, Said, Plan], bool], ...] = (
        _replaced, _during, _halved, _gentler, _off_there, _centred, _there_only, _wet, _in_time,
    )  # fmt: skip
    return any(listen(ear, clause, said, plan) for listen in listeners)


def add(ear: Ear, clause: Clause, operation: str, subject: str = "", given: Given | None = None,
        amount: float = 1.0) -> None:  # fmt: skip
    """The edit, at the place that the clause names."""
    places = tuple(dict.fromkeys(token.subject for token in clause.tokens if token.role == "place"))
    frame = Frame(None, list(clause.tokens), clause.opener, clause.text, 1.0, places)
    ear.latest = len(ear.intents)
    ear.add(frame, operation, subject, amount, given)  # type: ignore[arg-type]


def effects(clause: Clause) -> list[Token]:
    return [token for token in clause.tokens if token.role == "effect"]


def standing(plan: Plan) -> list[str]:
    """Effects of the plan, in order."""
    return list(dict.fromkeys(step.effect for step in plan.steps))


def _replaced(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Replace the compressor with a multiband one": the first goes, the second comes."""
    named = list(dict.fromkeys(token.subject for token in effects(clause)))
    if len(named) != 2 or not any(token.says("in_its_place") for token in clause.tokens):
        return False
    if named[0] in standing(plan):
        add(ear, clause, "remove", named[0])
    else:
        ear.warnings.append(f'"{clause.text}": no {named[0].replace("_", " ")} stands in the plan.')
    add(ear, clause, "effect", named[1])
    return True


def _during(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Only from 1:05 to 1:20", "the delay just in the chorus": what stands there, at that time only."""
    spare = ("less", "keep", "crop", "degree")
    if not said.has("only") or any(token.role in spare for token in clause.tokens):
        return False
    stretch = when(clause, ear.context)
    if stretch is None:
        return False
    rest = [token for token in without(clause, stretch).tokens if not any(token is u for u in said.used)]
    named = list(dict.fromkeys(token.subject for token in rest if token.role == "effect"))
    beside = (*BARE, "effect", "section", "above", "below")
    if any(token.role == "more" and not token.says("lay") for token in rest):
        return False
    if any(token.role not in beside for token in rest) or not set(named) <= {*standing(plan)}:
        return False
    if not stretch.spans:
        ask(ear, stretch)
        return True
    add(ear, clause, "during", "|".join(named), {"spans": written(stretch.spans)})
    return True


def _halved(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Halve it": what was asked for last; "halve the reverb": that. "Too much, halve it" is one wish."""
    if not said.has("halve") or any(token.role in ("quantity", "descriptor") for token in clause.tokens):
        return False
    named = [token.subject for token in effects(clause)]
    if named and named[0] in standing(plan):
        add(ear, clause, "effect", named[0], {}, -1.0)
    elif named:
        return False
    elif not any(item.operation == "again" and item.amount == BACK for item in ear.intents):
        add(ear, clause, "again", "", _here(clause), BACK)
    return True


def _here(clause: Clause) -> Given:
    return {"here": 1.0} if any(token.role == "place" for token in clause.tokens) else {}


def _off_there(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Take the high-pass off the vocals": an effect that stands at one place."""
    named = [
        "equalizer" if t.role == "shape" else t.subject
        for t in clause.tokens
        if t.role in ("effect", "shape")
    ]
    places = {token.subject for token in clause.tokens if token.role == "place"}
    if not said.has("none") or len(set(named)) != 1 or not places:
        return False
    if not any(step.effect == named[0] and step.where in places for step in plan.steps):
        return False
    add(ear, clause, "remove", named[0])
    return True


def _centred(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Center them again", of what was panned."""
    beside = (*BARE, "unknown", "area", "effect", "mid", "back", "again")
    middle = any(token.named("middle") for token in clause.tokens)
    if not middle or "pan" not in standing(plan) or any(t.role not in beside for t in clause.tokens):
        return False
    add(ear, clause, "effect", "pan", {"position": 0.0})
    panned = next(step.where for step in reversed(plan.steps) if step.effect == "pan")
    if not any(token.role == "place" for token in clause.tokens):
        ear.intents[-1] = ear.intents[-1].model_copy(update={"where": panned})
    return True


def _gentler(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Gentler on the noise": less of what works on it, where that stands in the plan."""
    if not said.has("gentler_on"):
        return False
    named = [token.subject for token in clause.tokens if token.role in ("effect", "repair")]
    there = [name for name in named if name in standing(plan)]
    if there:
        add(ear, clause, "effect", there[0], {}, -min(1.6, degree(clause)))
    return bool(there)


def _there_only(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Less on the drums", "none on the guitars", "but not on the bass": of what was asked for last, at that place."""
    tokens = [token for token in clause.tokens if not any(token is other for other in said.used)]
    places = {token.subject for token in tokens if token.role == "place"}
    on = any(t.role == "at" or t.says("laid_on", "in", "of_a_part") for t in tokens)
    if not places or not (on or said.has("none")) or places & {MIX, INPUT}:
        return False
    again = not said.names - {"same"} and clause.opener in ("and", "", "but")
    if not ear.intents and again and _nothing_but_places(tokens):
        add(ear, clause, "same")
        return True
    if any(token.role not in (*BARE, "remove", "without") for token in tokens) and not said.has("none"):
        return False
    if not places <= _wheres(ear, plan):
        return False
    amount = min(1.0, degree(clause))
    if said.has("none") or any(token.role in ("not", "remove", "without") for token in tokens):
        factor = _GONE
    elif said.has("shallower") or any(token.role in ("less", "too") for token in tokens):
        factor = 1 + (BACK - 1) * amount
    elif said.has("deeper") or any(token.role == "more" for token in tokens):
        factor = 1 + (MORE_AGAIN - 1) * amount
    else:
        return False
    add(ear, clause, "again", "", {"here": 1.0}, factor)
    return True


def _nothing_but_places(tokens: list[Token]) -> bool:
    """ "And also on the kick"."""
    return all(token.role in ("filler", "mark", "at", "place") for token in tokens)


def _wheres(ear: Ear, plan: Plan) -> set[str]:
    """Places of the last wishes, or of all where those have none of their own."""
    return {intent.where for intent in plan.intents}


def _wet(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Drier" is less of the reverb that was added, where one was; so is "the reverb is too loud"."""
    way = _wetter(clause, said)
    if not way or any(token.role == "quantity" for token in clause.tokens):
        return False
    named = [token.subject for token in effects(clause) if token not in said.used]
    if not named and not said.has("drier", "wetter"):
        named = [intent.subject for intent in ear.intents[-1:] if clause.opener in (",", "and", "+", "but")]
        if not set(named) & {*_WET}:
            return False
    places = {token.subject for token in clause.tokens if token.role == "place"}
    step = next(
        (
            step
            for name in named or _WET
            for step in plan.steps
            if step.effect == name and "mix" in step.parameters and (not places or step.where in places)
        ),
        None,
    )
    if step is None or (named and named[0] not in _WET):
        return False
    factor = 1 + way * 0.5 * min(1.6, degree(clause))
    add(
        ear,
        clause,
        "effect",
        step.effect,
        {"mix": round(min(1.0, float(step.parameters["mix"]) * factor), 3)},
    )
    ear.intents[-1] = ear.intents[-1].model_copy(update={"where": step.where})
    return True


def _wetter(clause: Clause, said: Said) -> int:
    """+1 for more of it in the mix, -1 for less."""
    if said.has("drier", "wetter"):
        return 1 if said.has("wetter") else -1
    way = next(
        ({"louder": 1, "quieter": -1}[t.role] for t in clause.tokens if t.role in ("louder", "quieter")), 0
    )
    return -way if any(token.role == "too" for token in clause.tokens) else way


_OF_TIME = {"faster": "time_stretch", "slower": "time_stretch", "stretch": "time_stretch", "pitch": "pitch_shift",
            "trim": "trim", "fade": "fade"}  # fmt: skip
_ENDS = {"fade_in": "in_s", "fade_out": "out_s"}


def _in_time(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "Lose the fade in", "forget the slowing down": out of the plan with it."""
    gone = any(token.role in ("remove", "without") for token in clause.tokens)
    if not gone or any(token.role == "quantity" for token in clause.tokens):
        return False
    for token in clause.tokens:
        if token.role in _ENDS and "fade" in standing(plan):
            add(ear, clause, "effect", "fade", {_ENDS[token.role]: 0.0})
            return True
        if _OF_TIME.get(token.role) in standing(plan):
            add(ear, clause, "remove", _OF_TIME[token.role])
            return True
    return False
