"""A model's JSON -> Heard: each step validated by itself, names held against what there is, numbers against spans."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bridge.effects import BY_NAME
from bridge.effects.quantity import Quantity, quantity_of
from bridge.llm.extract import Unusable
from bridge.llm.schema import (
    MOST_STEPS,
    OUTCOMES,
    SWITCH,
    Meaning,
    ReplyStep,
    askable,
    most_bands,
)
from bridge.llm.together import OPERATIONS, stems_given
from bridge.planning.context import Context
from bridge.planning.intent import Heard, Intent, Mood, Span
from bridge.planning.matching.reference import ASPECTS
from bridge.planning.nearest import nearest
from bridge.planning.place import INPUT, MIX
from bridge.planning.tokens import named_phrases, tokenise

_LONGEST_TEXT = 2000
_BAND = ("frequency_hz", "gain_db", "q", "slope_db_per_octave")
_OTHERS: dict[str, tuple[str, ...]] = {
    "level": ("gain_db", "peak_dbtp"),
    "match": ASPECTS,
    "staging": ("rms_dbfs", "true_peak_dbtp"),
}
_MOODS: dict[str, Mood] = {"undo": "undo", "redo": "redo", "compare": "compare", "off_topic": "off_topic"}


def heard(reply: dict[str, Any], words: str, context: Context) -> Heard:
    """What the model heard. Raises Unusable, with reasons for the repair turn, where nothing of it can be used."""
    outcome = reply.get("outcome", "plan")
    if outcome not in OUTCOMES:
        raise Unusable(f"outcome {str(outcome)[:40]!r} is none of {', '.join(OUTCOMES)}")
    if outcome in _MOODS:
        return Heard(mood=_MOODS[outcome], unsupported=_texts(reply.get("unsupported")))
    if outcome == "answer":
        return Heard(mood="question", question=words[:_LONGEST_TEXT], answer=_needed(reply, "answer"))
    if outcome == "clarify":
        return Heard(question=_needed(reply, "question"), unsupported=_texts(reply.get("unsupported")))
    return _planned(reply, outcome, words, context)


def _planned(reply: dict[str, Any], outcome: str, words: str, context: Context) -> Heard:
    steps = reply.get("steps")
    if steps is not None and not isinstance(steps, list):
        raise Unusable("steps is a list")
    said = _numbers(words, context)
    intents: list[Intent] = []
    problems: list[str] = []
    warnings: list[str] = []
    for index, step in enumerate((steps or [])[:MOST_STEPS]):
        try:
            intents += _intents(step, said, context, warnings)
        except Unusable as error:
            problems.append(f"step {index + 1}: {error}")
    unsupported = _texts(reply.get("unsupported"))
    if not intents and (problems or outcome == "plan" or not unsupported):
        raise Unusable("; ".join(problems[:6]) or "it holds no steps")
    warnings += [f"A step of the model was left out ({problem})." for problem in problems]
    return Heard(intents=tuple(intents), unsupported=unsupported, warnings=tuple(warnings))


def _needed(reply: dict[str, Any], field: str) -> str:
    text = reply.get(field)
    if not isinstance(text, str) or not text.strip():
        raise Unusable(f"{field} is missing")
    return _clean(text)


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(_clean(item) for item in items[:20] if isinstance(item, str) and item.strip())


def _clean(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_LONGEST_TEXT]


def _numbers(words: str, context: Context) -> frozenset[float]:
    """Magnitudes that the user named, as they may come back in a parameter."""
    found = set()
    for token in tokenise(words, context.lexicon, named_phrases(())):
        if token.role == "quantity":
            for value in (token.value, token.middle, token.high or token.value):
                found |= {round(abs(value) * factor, 4) for factor in (1, 1000, 0.001, 0.01)}
    return frozenset(found)


def _intents(
    step: object, said: frozenset[float], context: Context, warnings: list[str]
) -> tuple[Intent, ...]:
    """The step's intent, and who shall play it where the step names a plugin."""
    try:
        made = ReplyStep.model_validate(step)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise Unusable(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None
    intent = _intent(made, said, context, warnings)
    return (intent, *_play(made, intent, context))


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
    subject = _subject(made, context)
    where = _where(made.where, context)
    given = _given(made, subject, said, context, warnings)
    if made.operation in OPERATIONS:
        given |= stems_given(made.operation, where, made.others or (), context)
    return Intent(
        operation=made.operation,
        subject=subject,
        amount=max(-2.0, min(2.0, 1.0 if made.amount is None else made.amount)),
        where=where,
        part=made.part or "all",
        given=given,
        span=_span(made),
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


def _given(
    step: ReplyStep, subject: str, said: frozenset[float], context: Context, warnings: list[str]
) -> dict[str, float | str]:
    """The numbers of the step; those that the user did not say are held within the soft spans."""
    allowed = _allowed(step.operation, subject, context)
    given: dict[str, float | str] = {}
    for item in step.parameters or []:
        if _shape(item.name) not in allowed or not _in_bands(step, subject, item.name):
            raise Unusable(
                f"{subject or step.operation} has no parameter {item.name[:60]!r}; it has {', '.join(allowed)}"
            )
        given[item.name] = _taken(item.name, item.value, allowed[_shape(item.name)], said, warnings)
    if step.operation == "band":
        if "frequency_hz" not in given:
            raise Unusable("a band needs frequency_hz")
        given = {"kind": step.kind or "bell", **given}
    return given


def _shape(name: str) -> str:
    """ "bands.2.width" as "bands.N.width"."""
    return re.sub(r"\.\d{1,2}\.", ".N.", name)


def _in_bands(step: ReplyStep, subject: str, name: str) -> bool:
    number = re.search(r"\.(\d{1,2})\.", name)
    return number is None or step.operation != "effect" or int(number[1]) < most_bands(BY_NAME[subject])


def _taken(
    name: str, value: float | str, meaning: Meaning | None, said: frozenset[float], warnings: list[str]
) -> float | str:
    """The value in its span, or one of the words there are. Raises Unusable for a word in place of a number, and for
    one that is no choice."""
    if isinstance(meaning, tuple) and (f"{value:g}" if isinstance(value, float | int) else value) in meaning:
        return value if meaning != SWITCH else float(value)
    if isinstance(meaning, tuple):
        raise Unusable(f"{name} is one of {', '.join(meaning)}, not {str(value)[:40]!r}")
    if isinstance(value, str):
        raise Unusable(f"{name} is a number, not {value[:40]!r}")
    return _held(name, value, meaning, said, warnings)


def _allowed(operation: str, subject: str, context: Context) -> Mapping[str, Meaning | None]:
    if operation == "effect":
        return askable(BY_NAME[subject])
    if operation == "auto":
        return {"target": tuple(context.targets)}
    if operation == "band":
        from bridge.effects.equalizer import Band

        return {name: quantity_of(Band.model_fields[name]) for name in _BAND}
    if operation == "plugin":
        plugin = next(item for item in context.plugins if item.name == subject)
        return dict.fromkeys(plugin.parameters)
    return dict.fromkeys(_OTHERS.get(operation, ()))


def _held(
    name: str, value: float, quantity: Quantity | None, said: frozenset[float], warnings: list[str]
) -> float:
    if quantity is None or round(abs(value), 4) in said:
        return value
    held = quantity.clamp(value, soft=True)
    if held != value:
        warnings.append(f"The model's {name} {value:g} is held at {held:g} {quantity.unit}".rstrip() + ".")
    return held


def _span(step: ReplyStep) -> Span | None:
    if step.start_s is None or step.end_s is None:
        return None
    if not 0 <= step.start_s < step.end_s:
        raise Unusable("start_s must lie before end_s")
    return Span(start_s=step.start_s, end_s=step.end_s)
