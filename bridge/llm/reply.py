"""A model's JSON -> Heard: each step validated by itself, names held against what there is, numbers against spans."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from bridge.effects import BY_NAME
from bridge.llm.edits import EDITS, completed, edited, must_be_asked_for
from bridge.llm.extract import Unusable
from bridge.llm.parameters import given_in, numbers_said
from bridge.llm.schema import MOST_STEPS, OUTCOMES, Choice, ReplyStep
from bridge.llm.times import Times, times, verdict
from bridge.llm.together import OPERATIONS, stems_given
from bridge.planning.context import Context
from bridge.planning.intent import Heard, Intent, Mood
from bridge.planning.nearest import nearest
from bridge.planning.option import Option
from bridge.planning.place import INPUT, MIX

_LONGEST_TEXT = 2000
_MOST_CHOICES = 8
_OF_ALL = ("target", "match", "staging", "balance", "unmask", "align", "keep", "remove", "again")
"""Operations on the finished sound, or on none: they have no time of their own."""
_OF_ALL_TOO = ("loudness", "limiter")
_MOODS: dict[str, Mood] = {"undo": "undo", "redo": "redo", "compare": "compare", "off_topic": "off_topic"}


def heard(reply: dict[str, Any], words: str, context: Context) -> Heard:
    """What the model heard. Raises Unusable, with reasons for the repair turn, where nothing of it can be used."""
    outcome = reply.get("outcome", "plan")
    if outcome not in OUTCOMES:
        raise Unusable(f"outcome {str(outcome)[:40]!r} is none of {', '.join(OUTCOMES)}")
    return _heard(reply, outcome, words, context).model_copy(update={"language": _language(reply)})


def _language(reply: dict[str, Any]) -> str:
    """The code that the model gives ("ja"); "" where it is none."""
    said = reply.get("language")
    return said.lower() if isinstance(said, str) and re.fullmatch(r"[A-Za-z]{2,3}", said) else ""


def _heard(reply: dict[str, Any], outcome: str, words: str, context: Context) -> Heard:
    if outcome in _MOODS:
        return Heard(mood=_MOODS[outcome], unsupported=_texts(reply.get("unsupported")))
    if outcome == "answer":
        return Heard(mood="question", question=words[:_LONGEST_TEXT], answer=_needed(reply, "answer"))
    if outcome == "clarify":
        return Heard(
            question=_needed(reply, "question"),
            choices=_choices(reply.get("choices")),
            unsupported=_texts(reply.get("unsupported")),
        )
    return _planned(reply, outcome, words, context)


@dataclass
class _Hearing:
    """What the steps come to, one after the other. said: numbers that the user named."""

    words: str
    context: Context
    said: frozenset[float]
    intents: list[Intent] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    satisfied: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    asked: Times | None = None

    @property
    def empty(self) -> bool:
        return not (self.intents or self.satisfied or self.impossible or self.asked)


def _planned(reply: dict[str, Any], outcome: str, words: str, context: Context) -> Heard:
    steps = reply.get("steps")
    if steps is not None and not isinstance(steps, list):
        raise Unusable("steps is a list")
    found = _Hearing(words, context, numbers_said(words, context))
    for index, step in enumerate((steps or [])[:MOST_STEPS]):
        try:
            _hear(step, found)
        except Unusable as error:
            found.problems.append(f"step {index + 1}: {error}")
    unsupported = _texts(reply.get("unsupported"))
    if found.empty and (found.problems or outcome == "plan" or not unsupported):
        raise Unusable("; ".join(found.problems[:6]) or "it holds no steps")
    left_out = [f"A step of the model was left out ({problem})." for problem in found.problems]
    asked = found.asked
    return Heard(
        intents=tuple(found.intents),
        unsupported=unsupported,
        impossible=tuple(found.impossible),
        warnings=(*found.warnings, *left_out),
        satisfied=tuple(found.satisfied),
        question=asked.question if asked else None,
        choices=asked.choices if asked else (),
        in_order=reply.get("in_order") is True,
    )


def _needed(reply: dict[str, Any], field: str) -> str:
    text = reply.get(field)
    if not isinstance(text, str) or not text.strip():
        raise Unusable(f"{field} is missing")
    return _clean(text)


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(_clean(item) for item in items[:20] if isinstance(item, str) and item.strip())


def _choices(value: object) -> tuple[Option, ...]:
    """Those that can be used; a question without any is a question all the same."""
    made = []
    for item in (value if isinstance(value, list) else [])[:_MOST_CHOICES]:
        try:
            choice = Choice.model_validate(item)
        except ValidationError:
            continue
        label, words = _clean(choice.label), _clean(choice.words)
        if label and words:
            made.append(Option(label=label, words=words))
    return tuple(made)


def _clean(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_LONGEST_TEXT]


def _hear(step: object, found: _Hearing) -> None:
    """The step's intents: one for each stretch of time that it names, and who shall play it where it names a plugin."""
    try:
        made = ReplyStep.model_validate(step)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise Unusable(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None
    context, warnings = found.context, list[str]()
    intent = _intent(made, found.said, context, warnings)
    when = times(made, context)
    if when.question:
        found.asked = when
        return
    intents = _in_time(intent, made, when, context)
    for each in intents:
        must_be_asked_for(each, found.words, context)
    players = _play(made, intent, context)
    told = verdict(made, context)
    found.satisfied += told.satisfied
    found.impossible += told.impossible
    if told.wanted:
        found.warnings += [*warnings, *told.warnings, *([when.told] if when.told else [])]
        found.intents += [*intents, *players]


def _in_time(intent: Intent, step: ReplyStep, when: Times, context: Context) -> tuple[Intent, ...]:
    if intent.operation in EDITS:
        return (completed(intent, step, when.spans, context),)
    if not when.spans or intent.operation in _OF_ALL or intent.subject in _OF_ALL_TOO:
        return (intent,)
    return tuple(intent.model_copy(update={"span": span}) for span in when.spans)


def _play(step: ReplyStep, intent: Intent, context: Context) -> tuple[Intent, ...]:
    name = (step.plugin or "").strip()
    if not name:
        return ()
    effect = "equalizer" if step.operation == "band" else intent.subject
    if step.operation not in ("effect", "band"):
        raise Unusable(
            f"{step.operation} takes no plugin; an effect or a band may name the one that plays it"
        )
    plugin = context.plugin(name)
    if plugin is None:
        near = nearest(name, [item.name for item in context.plugins])
        raise Unusable(f"there is no plugin {name[:60]!r}" + (f", the nearest is {near}" if near else ""))
    update = {"operation": "play", "subject": effect, "amount": 1.0, "given": {"plugin": plugin.name}}
    return (intent.model_copy(update=update),)


def _intent(made: ReplyStep, said: frozenset[float], context: Context, warnings: list[str]) -> Intent:
    if made.operation == "play":
        raise Unusable("there is no operation play; an effect or a band names its plugin")
    subject = edited(made, context) if made.operation in EDITS else _subject(made, context)
    where = _where(made.where, context)
    given = given_in(made, subject, said, context, warnings)
    if made.operation in OPERATIONS:
        given |= stems_given(made.operation, where, made.others or (), context)
    return Intent(
        operation=made.operation,
        subject=subject,
        amount=max(-2.0, min(2.0, 1.0 if made.amount is None else made.amount)),
        where=where,
        part=made.part or "all",
        given=given,
        words=_clean(made.words or subject or made.operation)[:400],
    )


def _where(name: str | None, context: Context) -> str:
    if not name or name == context.main or (name in (INPUT, MIX) and len(context.analyses) == 1):
        return context.main
    if name in context.analyses or name in context.groups:
        return name
    raise Unusable(
        f"where {name[:60]!r} is none of {', '.join((*context.analyses, *context.groups, context.main))}"
    )


def _subject(step: ReplyStep, context: Context) -> str:
    name = (step.subject or "").strip()
    effects = [effect for effect in BY_NAME if effect != "hosted_plugin"]
    known: dict[str, list[str]] = {
        "effect": effects,
        "auto": effects,
        "descriptor": [item.name for item in context.lexicon.descriptors],
        "target": list(context.targets),
        "chain": list(context.chains),
        "plugin": [plugin.name for plugin in context.plugins],
        "remove": [*BY_NAME, *(f"plugin:{plugin.name}" for plugin in context.plugins)],
    }
    if step.operation == "keep":
        return _kept(name, known)
    if step.operation not in known:
        return ""
    if name not in known[step.operation]:
        near = nearest(name, known[step.operation]) if name else None
        raise Unusable(
            f"there is no {step.operation} {name[:60]!r}" + (f", the nearest is {near}" if near else "")
        )
    return name


def _kept(name: str, known: dict[str, list[str]]) -> str:
    kind, _, rest = name.partition(":")
    if name in ("dynamics", "level", "rest") or rest in known.get(kind, ()):
        return name
    for kind in ("descriptor", "effect"):
        if name in known[kind]:
            return f"{kind}:{name}"
    raise Unusable(f"keep: {name[:60]!r} is neither dynamics nor descriptor:NAME nor effect:NAME")
