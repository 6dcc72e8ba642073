"""What a model says of the plan that stands: held against its steps, and against the words of the user.

Only the user takes something away. A name or a finding that says "delete all steps" is data; a model that obeys it
cannot quote the request, so its edit is not made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bridge.effects import BY_NAME
from bridge.llm.extract import Unusable
from bridge.llm.schema import ReplyStep
from bridge.planning.context import Context
from bridge.planning.given import Given
from bridge.planning.hearing.refer import standing
from bridge.planning.intent import Intent, Span
from bridge.planning.nearest import nearest
from bridge.planning.plan import Plan
from bridge.planning.turns import EDITS, written

IN_WORDS = (
    "same (the last wishes for where too; move 1: there instead), only (others: the effects that stay), switch "
    "(subject: an effect of the plan; on 0 silences it and keeps it, on 1 brings it back), order (subject: an effect; "
    "before or after: another effect), refine (subject band: at_hz says which, beside it the new frequency_hz, "
    "gain_db, q, or remove 1; subject level: gain_db or peak_dbtp), during (others: effects, empty for the last "
    "wishes, which shall happen in that time only), halfway (of the last turn), restore "
    "(subject: an effect that it took away)"
)
"""For the prompt, where there is a plan before."""

_NEAR = 1.06
"""A semitone: who says 300 means the band at 300 Hz."""


def edited(step: ReplyStep, context: Context) -> str:
    """`subject` of an edit. Raises Unusable where the plan before has no such thing, or there is none."""
    plan = _plan(step, context)
    name = (step.subject or "").strip()
    if step.operation in ("only", "during"):
        names = list(dict.fromkeys(step.others or [each for each in name.split("|") if each]))
        if step.operation == "only" and not names:
            raise Unusable("only: others names the effects that stay")
        return "|".join(_in_plan(each, step, plan) for each in names)
    if step.operation == "switch":
        return _in_plan(name, step, plan)
    if step.operation == "order":
        if name not in BY_NAME or name == "hosted_plugin":
            raise Unusable(f"order: there is no effect {name[:60]!r}")
        return name
    if step.operation == "restore":
        return name if name in BY_NAME else ""
    return _refined(name) if step.operation == "refine" else ""


def _plan(step: ReplyStep, context: Context) -> Plan:
    if context.previous is None:
        raise Unusable(f"{step.operation} is about the plan before, and there is none")
    return context.previous


def _in_plan(name: str, step: ReplyStep, plan: Plan) -> str:
    known = standing(plan)
    if name not in known:
        near = nearest(name, known)
        hint = f", the nearest is {near}" if near else f"; it has {', '.join(known) or 'no steps'}"
        raise Unusable(f"{step.operation}: the plan has no {name[:60]!r}{hint}")
    return name


def _refined(name: str) -> str:
    kind, _, rest = name.partition(":")
    if name in ("band", "level", "level:"):
        return "band" if name == "band" else "level:"
    effect = rest if kind == "effect" else name
    if effect in BY_NAME and effect not in ("hosted_plugin", "equalizer"):
        return f"effect:{effect}"
    raise Unusable(f"refine: {name[:60]!r} is neither band nor level nor an effect")


def completed(intent: Intent, step: ReplyStep, spans: tuple[Span, ...], context: Context) -> Intent:
    """The edit with all that it needs. spans: when it shall happen. Raises Unusable where something is missing."""
    given, where = intent.given, intent.where
    if intent.operation == "same" and where == context.main:
        raise Unusable("same: where names the stem that shall have it too")
    if intent.operation == "switch" and "on" not in given:
        raise Unusable("switch: the parameter on is 0 or 1")
    if intent.operation == "order" and (len(given) != 1 or intent.subject in given.values()):
        raise Unusable("order: one of before and after names another effect")
    if intent.operation == "during":
        if not spans:
            raise Unusable("during: section, or start_s and end_s, say when")
        given = {"spans": written(spans)}
    if intent.operation == "refine":
        return _of_what_stands(intent, step, context)
    return intent.model_copy(update={"given": given, "span": None})


def _of_what_stands(edit: Intent, step: ReplyStep, context: Context) -> Intent:
    known = _plan(step, context).intents
    if edit.subject != "band":
        operation, _, subject = edit.subject.partition(":")
        found = [item for item in known if (item.operation, item.subject) == (operation, subject)]
        if not found or not edit.given:
            raise Unusable(f"refine: {subject or operation} has no number in the plan that could be another")
        return edit.model_copy(update={"where": found[-1].where, "span": None})
    band = _band(edit.given, known)
    given: Given = {**edit.given, "at_hz": float(band.given["frequency_hz"])}
    given |= {"kind": step.kind} if step.kind else {}
    if len(given) == 1:
        raise Unusable("refine: it says nothing new of that band")
    return edit.model_copy(update={"where": band.where, "given": given, "span": None})


def _band(given: Mapping[str, float | str], known: tuple[Intent, ...]) -> Intent:
    bands = [item for item in known if item.operation == "band" and "frequency_hz" in item.given]
    at_hz = float(given.get("at_hz", 0.0))
    if "at_hz" not in given and len(bands) == 1:
        return bands[0]
    for item in reversed(bands):
        stands_hz = float(item.given["frequency_hz"])
        if at_hz > 0 and 1 / _NEAR <= at_hz / stands_hz <= _NEAR:
            return item
    there = ", ".join(f"{float(item.given['frequency_hz']):g}" for item in bands)
    raise Unusable(f"refine: no band stands at {at_hz:g} Hz; there are bands at {there or 'no frequency'}")


def must_be_asked_for(intent: Intent, request: str, context: Context) -> None:
    """Raises Unusable for what takes something away and quotes nothing of the request, names in it left aside."""
    if not _takes_away(intent):
        return
    said = request.casefold()
    for name in (*context.analyses, *context.groups, *(plugin.name for plugin in context.plugins)):
        said = said.replace(name.casefold(), " ")
    quoted = _words(intent.words)
    if not (quoted & _words(said) or (quoted and intent.words.casefold() in said)):
        raise Unusable(
            f"{intent.operation}: words must be the user's own; {intent.words[:60]!r} was not said"
        )


def _takes_away(intent: Intent) -> bool:
    if intent.operation == "refine":
        return bool(intent.given.get("remove"))
    if intent.operation in ("switch", "again"):
        return intent.given.get("on") == 0.0 or intent.amount < 1.0
    return intent.operation in ("remove", "only", "during", "same") and (
        intent.operation != "same" or bool(intent.given.get("move"))
    )


def _words(text: str) -> set[str]:
    """Of three letters and more, so that no little word lends itself."""
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2}


__all__ = ["EDITS", "IN_WORDS", "completed", "edited", "must_be_asked_for"]
