""" "fade out over the last 5 seconds", "trim the silence", "cut the first 2 seconds", "keep only 0:30 to 1:00"."""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.clauses import Clause
from bridge.planning.context import Context
from bridge.planning.frames import SUBJECTS
from bridge.planning.given import Given
from bridge.planning.hearing.when import length_s
from bridge.planning.tokens import Token

Heard = tuple[Given, tuple[Token, ...], str]

_BARE_CUT = frozenset(
    ("less", "remove", "filler", "mark", "quantity", "at", "sound", "unknown", "make", "place")
)
_BARE_KEPT = _BARE_CUT | {"keep", "crop", "above"}
SHAPES = {"linear": "linear", "equal_power": "equal_power", "s_curve": "s_curve"}


def hear_cut(clause: Clause, context: Context) -> Heard | None:
    """Settings of a trim; None where the clause cuts nothing."""
    roles = {token.role for token in clause.tokens}
    if "trim" in roles:
        return _silence(clause)
    others = any(
        token.role == "quantity" and token.unit not in ("s", "ms", "time") for token in clause.tokens
    )
    # "trim" and "chop" mean a level or an edit as well; beside seconds of an end they cut it
    cuts = any(token.says("trim") for token in clause.tokens)
    roles = {token.role for token in clause.tokens if not token.says("trim")}
    if others or roles & SUBJECTS:
        return None
    if roles & {"crop", "keep"} and roles <= _BARE_KEPT:
        return _kept(clause, context)
    if (cuts or roles & {"less", "remove"}) and roles <= _BARE_CUT | {"above"}:
        return _dropped(clause)
    return None


def _silence(clause: Clause) -> Heard:
    """The silence at one end or both, under a level and up to a distance where those are said."""
    given: Given = {"silence": 1.0}
    used: list[Token] = []
    ends = {_end(token) for token in clause.tokens if token.role != "both_ends"}
    if "start" in ends and "end" not in ends:
        given["lead_out"] = 0.0
    if "end" in ends and "start" not in ends:
        given["lead_in"] = 0.0
    for token in clause.tokens:
        if token.role == "quantity" and token.unit in ("db", "dbfs"):
            given["threshold_db"] = -abs(token.middle)
            used.append(token)
        elif token.role == "quantity" and token.unit in ("ms", "s"):
            given["padding_ms"] = token.middle * (1000 if token.unit == "s" else 1)
            used.append(token)
    return given, (*used, *(token for token in clause.tokens if _end(token))), ""


def _end(token: Token) -> str:
    """Which end of the sound a token speaks of, also within a phrase ("trim the start")."""
    if token.role not in ("trim", "unknown", "section", "filler", "both_ends"):
        return ""
    last = replace(token, plain=(token.spelt.split() or [""])[-1])
    return "start" if last.says("start") else "end" if last.says("end") else ""


def _dropped(clause: Clause) -> Heard | None:
    """ "cut the first 2 seconds", "remove the last second", "trim 3 s off the end"."""
    verbs = tuple(token for token in clause.tokens if token.says("trim"))
    ends = tuple(token for token in clause.tokens if _end(token) and token not in verbs)
    for before, token in zip((None, *clause.tokens), clause.tokens, strict=False):
        seconds = _seconds(token)
        if seconds <= 0:
            continue
        if before is not None and before.says("first", "last"):
            end, said = "start" if before.says("first") else "end", (before, token)
        elif token.role == "quantity" and len(ends) == 1:
            end, said = _end(ends[0]), (token, *ends)
        else:
            continue
        return {"start_s" if end == "start" else "cut_end_s": seconds, "silence": 0.0}, (*verbs, *said), ""
    return None


def _seconds(token: Token) -> float:
    """Of a length in time; "the last second" is 1; 0 for all else."""
    if token.role == "quantity" and token.unit in ("s", "ms"):
        return token.middle / (1000 if token.unit == "ms" else 1)
    return 1.0 if token.role == "unknown" and token.says("one_second") else 0.0


def _kept(clause: Clause, context: Context) -> Heard | None:
    """ "keep only 0:30 to 1:00", "crop to the first 30 seconds", "keep the last 10 s"."""
    times = [t for t in clause.tokens if t.role == "quantity" and t.unit == "time"]
    if len(times) >= 2 and times[1].value > times[0].value:
        return {"start_s": times[0].value, "end_s": times[1].value, "silence": 0.0}, tuple(times[:2]), ""
    for before, token in zip(clause.tokens, clause.tokens[1:], strict=False):
        if token.role != "quantity" or token.unit != "s" or token.value < 0:
            continue
        if token.high is not None:
            return {"start_s": token.value, "end_s": token.high, "silence": 0.0}, (token,), ""
        if before.says("first"):
            return {"end_s": token.value, "silence": 0.0}, (before, token), ""
        whole_s = length_s(context)
        if before.says("last") and whole_s:
            return {"start_s": max(0.0, round(whole_s - token.value, 6)), "silence": 0.0}, (before, token), ""
    return None


def hear_fade(clause: Clause, context: Context, going_on: bool) -> Heard | None:
    """Lengths of fades; None where the clause fades nothing. going_on: the clause before faded ("and out over 5 s").

    A length that is not said is -1 here, and what the effect finds usual in the plan.
    """
    roles = {token.role for token in clause.tokens}
    inwards = any(token.says("in") for token in clause.tokens)
    outwards = any(token.says("out") for token in clause.tokens)
    goes_on = going_on and (inwards or outwards) and not roles & SUBJECTS and roles <= _GOING_ON
    if not goes_on and not roles & {"fade", "fade_in", "fade_out"}:
        return None
    fades_in = "fade_in" in roles or (inwards and ("fade" in roles or going_on))
    fades_out = "fade_out" in roles or (outwards and ("fade" in roles or going_on))
    if roles & {"both_ends"} or (not fades_in and not fades_out):
        fades_in = fades_in or "both_ends" in roles
        fades_out = True
    length, used = _length(clause, context, fades_out)
    given: Given = {}
    if fades_in:
        given["in_s"] = length
    if fades_out:
        given["out_s"] = length
    for token in clause.tokens:
        if token.role in SHAPES:
            given["shape"] = SHAPES[token.role]
    beside = tuple(token for token in clause.tokens if token.says("first", "last") or _end(token))
    return given, (*used, *beside), ""


_GOING_ON = frozenset(("filler", "mark", "at", "quantity", "above", "unknown"))


def _length(clause: Clause, context: Context, fades_out: bool) -> tuple[float, tuple[Token, ...]]:
    """Seconds that are said, or from a time to the end; -1 where none are."""
    for before, token in zip((None, *clause.tokens), clause.tokens, strict=False):
        if token.role == "quantity" and token.unit in ("s", "ms"):
            over = (before,) if before is not None and before.role == "too" else ()  # "over 3 s"
            return token.middle / (1000 if token.unit == "ms" else 1), (*over, token)
    for before, token in zip(clause.tokens, clause.tokens[1:], strict=False):
        if before.says("first", "last") and _seconds(token):
            return _seconds(token), (token,)
    times = tuple(t for t in clause.tokens if t.role == "quantity" and t.unit == "time")
    if len(times) >= 2:
        return abs(times[1].value - times[0].value), times[:2]
    whole_s = length_s(context)
    if times and fades_out and whole_s > times[0].value:
        return round(whole_s - times[0].value, 6), times
    return -1.0, times
