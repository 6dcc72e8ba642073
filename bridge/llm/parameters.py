"""Numbers and words of a step -> `given` of an intent: names held against what there is, numbers against spans."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bridge.effects import BY_NAME
from bridge.effects.quantity import Quantity, quantity_of
from bridge.llm.extract import Unusable
from bridge.llm.schema import SWITCH, Meaning, ReplyStep, askable, most_bands
from bridge.planning.bands import PASSES, PLAIN_Q
from bridge.planning.context import Context
from bridge.planning.given import Given
from bridge.planning.matching.reference import ASPECTS
from bridge.planning.tokens import named_phrases, tokenise

_BAND = ("frequency_hz", "gain_db", "q", "slope_db_per_octave")
_LEVEL = ("gain_db", "peak_dbtp")
_OTHERS: dict[str, tuple[str, ...]] = {
    "level": _LEVEL,
    "match": ASPECTS,
    "staging": ("rms_dbfs", "true_peak_dbtp"),
}


def numbers_said(words: str, context: Context) -> frozenset[float]:
    """Magnitudes that the user named, as they may come back in a parameter."""
    found = set()
    for token in tokenise(words, context.lexicon, named_phrases(())):
        if token.role == "quantity":
            for value in (token.value, token.middle, token.high or token.value):
                found |= {round(abs(value) * factor, 4) for factor in (1, 1000, 0.001, 0.01)}
    return frozenset(found)


def given_in(
    step: ReplyStep, subject: str, said: frozenset[float], context: Context, warnings: list[str]
) -> Given:
    """The numbers of the step; those that the user did not say are held within the soft spans."""
    allowed = _allowed(step.operation, subject, context)
    given: Given = {}
    for item in step.parameters or []:
        if _shape(item.name) not in allowed or not _in_bands(step, subject, item.name):
            raise Unusable(
                f"{subject or step.operation} has no parameter {item.name[:60]!r}; it has {', '.join(allowed)}"
            )
        given[item.name] = _taken(item.name, item.value, allowed[_shape(item.name)], said, warnings)
    if step.operation == "band":
        if "frequency_hz" not in given:
            raise Unusable("a band needs frequency_hz")
        kind = step.kind or "bell"
        plain: Given = {} if kind in PASSES else {"q": PLAIN_Q}
        given = {"kind": kind, **plain, **given}
    return given


def _shape(name: str) -> str:
    """ "bands.2.width" as "bands.N.width"."""
    return re.sub(r"\.\d{1,2}\.", ".N.", name)


def _in_bands(step: ReplyStep, subject: str, name: str) -> bool:
    number = re.search(r"\.(\d{1,2})\.", name)
    if number is None or step.operation not in ("effect", "refine"):
        return True
    return int(number[1]) < most_bands(BY_NAME[subject.removeprefix("effect:")])


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
        return _of_bands()
    if operation == "refine":
        return _refined(subject)
    if operation in _OF_EDITS:
        return _OF_EDITS[operation]
    if operation == "plugin":
        plugin = next(item for item in context.plugins if item.name == subject)
        return dict.fromkeys(plugin.parameters)
    return dict.fromkeys(_OTHERS.get(operation, ()))


def _of_bands() -> dict[str, Meaning | None]:
    from bridge.effects.equalizer import Band

    return {name: quantity_of(Band.model_fields[name]) for name in _BAND}


def _refined(subject: str) -> Mapping[str, Meaning | None]:
    """Of what `refine` changes: a band by its frequency, the level, or an effect ("effect:reverb")."""
    if subject == "band":
        return {"at_hz": None, "remove": SWITCH, **_of_bands()}
    if subject == "level:":
        return dict.fromkeys(_LEVEL)
    return askable(BY_NAME[subject.removeprefix("effect:")])


_NAMES = tuple(name for name in BY_NAME if name != "hosted_plugin")
_OF_EDITS: dict[str, dict[str, Meaning | None]] = {
    "same": {"move": SWITCH},
    "switch": {"on": SWITCH},
    "order": {"before": _NAMES, "after": _NAMES},
}


def _held(
    name: str, value: float, quantity: Quantity | None, said: frozenset[float], warnings: list[str]
) -> float:
    if quantity is None or round(abs(value), 4) in said:
        return value
    held = quantity.clamp(value, soft=True)
    if held != value:
        warnings.append(f"The model's {name} {value:g} is held at {held:g} {quantity.unit}".rstrip() + ".")
    return held
