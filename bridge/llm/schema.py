"""The answer that a model gives: a flat JSON schema made from the effects, and its pydantic twin.

Flat because strict mode refuses discriminated unions, open objects and defaults; every field is required, nullable
where it may be left out.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from bridge.effects import EFFECTS
from bridge.planning.intent import Operation
from bridge.planning.part import PARTS, Part

OUTCOMES = ("plan", "clarify", "unsupported", "off_topic", "answer", "undo", "redo", "compare")
MOST_STEPS = 32
_Number = Annotated[float, Field(allow_inf_nan=False)]


class Named(BaseModel):
    """One number of a step by its parameter's name."""

    model_config = ConfigDict(strict=True)

    name: str = Field(max_length=100)
    value: _Number


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
            "items": _object({"name": _name(), "value": {"type": "number"}}),
        },
        "start_s": _nullable("number"),
        "end_s": _nullable("number"),
        "words": _nullable("string"),
        "plugin": _nullable("string"),
    }
    return _object(
        {
            "outcome": {"type": "string", "enum": list(OUTCOMES)},
            "question": _nullable("string"),
            "answer": _nullable("string"),
            "unsupported": {"type": "array", "items": {"type": "string"}},
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


def effects_in_words() -> str:
    """Every effect with its parameters, units and spans, one a line, as the prompt carries them."""
    from bridge.effects.equalizer import Band

    lines = []
    for effect in EFFECTS:
        spans = [f"{n} {q.low:g}..{q.high:g} {q.unit}".rstrip() for n, q in effect.quantities().items()]
        spans += [f"{name} 0 or 1" for name in effect.switches()]
        if effect.name == "equalizer":
            spans = [f"(use operation band) {', '.join(Band.model_fields)}"]
        lines.append(f"- {effect.name}: {'; '.join(spans) or 'by name'}")
    return "\n".join(lines)
