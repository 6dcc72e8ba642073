"""The answer that a model gives: a flat JSON schema made from the effects, and its pydantic twin.

Flat because strict mode refuses discriminated unions, open objects and defaults; every field is required, nullable
where it may be left out.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from bridge.effects import EFFECTS
from bridge.effects.effect import Effect, choices_of
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.effects.quantity import Quantity, quantity_of
from bridge.planning.clamp import inner_model
from bridge.planning.intent import Operation
from bridge.planning.part import PARTS, Part

OUTCOMES = ("plan", "clarify", "unsupported", "off_topic", "answer", "undo", "redo", "compare")
MOST_STEPS = 32
Meaning = Quantity | tuple[str, ...]
"""What a parameter takes: a number in a span, or one of a few words."""
SWITCH = ("0", "1")
_Number = Annotated[float, Field(allow_inf_nan=False)]


class Named(BaseModel):
    """One number of a step, or one word where there is a choice of words, by its parameter's name."""

    model_config = ConfigDict(strict=True)

    name: str = Field(max_length=100)
    value: _Number | Annotated[str, Field(max_length=40)]


class ReplyStep(BaseModel):
    """One intent as a model writes it. Text for a number is refused, not guessed at."""

    model_config = ConfigDict(strict=True)

    operation: Operation
    subject: str | None = Field(default=None, max_length=200)
    amount: _Number | None = None
    where: str | None = Field(default=None, max_length=200)
    part: Part | None = None
    kind: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass"] | None = None
    parameters: list[Named] | None = Field(default=None, max_length=40)
    start_s: _Number | None = None
    end_s: _Number | None = None
    words: str | None = Field(default=None, max_length=2000)
    plugin: str | None = Field(default=None, max_length=200)
    others: list[Annotated[str, Field(max_length=200)]] | None = Field(default=None, max_length=64)
    section: str | None = Field(default=None, max_length=40)
    condition: str | None = Field(default=None, max_length=400)


class Choice(BaseModel):
    """One answer that a model's question offers: how it is shown, and the request that it stands for."""

    model_config = ConfigDict(strict=True)

    label: str = Field(min_length=1, max_length=200)
    words: str = Field(min_length=1, max_length=400)


def json_schema() -> dict[str, Any]:
    """The schema that the server is asked to hold the model to."""
    step = {
        "operation": {"type": "string", "enum": [name for name in get_args(Operation) if name != "play"]},
        "subject": _nullable("string"),
        "amount": _nullable("number"),
        "where": _nullable("string"),
        "part": {"type": ["string", "null"], "enum": [*PARTS, None]},
        "kind": {
            "type": ["string", "null"],
            "enum": ["bell", "low_shelf", "high_shelf", "high_pass", "low_pass", None],
        },
        "parameters": {
            "type": ["array", "null"],
            "items": _object({"name": _name(), "value": {"type": ["number", "string"]}}),
        },
        "start_s": _nullable("number"),
        "end_s": _nullable("number"),
        "words": _nullable("string"),
        "plugin": _nullable("string"),
        "others": {"type": ["array", "null"], "items": {"type": "string"}},
        "section": _nullable("string"),
        "condition": _nullable("string"),
    }
    return _object(
        {
            "outcome": {"type": "string", "enum": list(OUTCOMES)},
            "language": _nullable("string"),
            "question": _nullable("string"),
            "choices": {"type": "array", "items": _object({"label": _name(), "words": _name()})},
            "answer": _nullable("string"),
            "unsupported": {"type": "array", "items": {"type": "string"}},
            "in_order": {"type": "boolean"},
            "steps": {"type": "array", "items": _object(step)},
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


def _name() -> dict[str, Any]:
    return {"type": "string"}


def askable(effect: type[Effect]) -> dict[str, Meaning]:
    """What can be asked of an effect: its numbers, switches and choices, and those of its bands as "bands.N.width"."""
    found: dict[str, Meaning] = {**effect.quantities(), **effect.choices()}
    found |= dict.fromkeys(effect.switches(), SWITCH)
    for name, info in effect.model_fields.items():
        inner = inner_model(info.annotation)
        if inner is not None:
            fields = {key: quantity_of(field) for key, field in inner.model_fields.items()}
            numbers = {key: item for key, item in fields.items() if item is not None}
            found |= {f"{name}.N.{key}": item for key, item in (numbers | choices_of(inner)).items()}
    return found


def most_bands(effect: type[Effect]) -> int:
    """How many bands it takes."""
    limits = effect.model_fields["bands"].metadata if "bands" in effect.model_fields else ()
    return next((limit.max_length for limit in limits if hasattr(limit, "max_length")), 0)


def effects_in_words() -> str:
    """Every effect with its parameters, units and spans, one a line, as the prompt carries them."""
    return "\n".join(
        f"- {effect.name}: {_in_words(effect)}" for effect in EFFECTS if effect is not HostedPlugin
    )


def _in_words(effect: type[Effect]) -> str:
    if effect.name == "equalizer":
        return "(use operation band)"
    items = askable(effect)
    own = [_told(name, item) for name, item in items.items() if "." not in name and item != SWITCH]
    switches = [name for name, item in items.items() if item == SWITCH]
    bands = [_told(name.rpartition(".")[2], item) for name, item in items.items() if "." in name]
    parts = ["; ".join(own), f"0 or 1: {', '.join(switches)}" if switches else ""]
    parts.append(f"bands.N. with N 0..{most_bands(effect) - 1}: {'; '.join(bands)}" if bands else "")
    return "; ".join(part for part in parts if part) or "by name"


_TELLING = ("_db", "_dbfs", "_dbtp", "_ms", "_s", "_hz", "_lufs", "_lu", "_bpm", "_cents", "_beats")
"""Ends of names that say the unit; it is not said twice, so that the prompt stays short."""


def _told(name: str, item: Meaning) -> str:
    if isinstance(item, Quantity):
        unit = "" if name.endswith(_TELLING) else item.unit
        return f"{name} {item.low:g}..{item.high:g} {unit}".rstrip()
    return f"{name} {'|'.join(item)}"
