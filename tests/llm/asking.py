"""A question to a model on loopback, and answers in the form that it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bridge.llm.planner import model_intents
from bridge.llm.schema import ReplyStep
from bridge.llm.spent import Spent
from bridge.planning.context import Context
from tests.llm.wire import Wire

KEY = "sk-very-secret-4711"


@dataclass(frozen=True)
class Settings:
    model_base_url: str | None = None
    model_name: str | None = "test-model"
    model_api_key: SecretStr | None = field(default_factory=lambda: SecretStr(KEY))
    model_budget_s: float = 20.0
    model_price_in: float | None = None
    model_price_out: float | None = None
    state: Path | None = None


def hear(wire: Wire, words: str, context: Context, budget_s: float = 20.0, **changes: Any):
    settings = replace(Settings(wire.base_url, model_budget_s=budget_s), **changes)
    return model_intents(words, context, settings)


def spending(wire: Wire, words: str, context: Context, told=lambda characters: None, **changes: Any):
    """What the model heard, and what it took."""
    settings, spent = replace(Settings(wire.base_url), **changes), Spent()
    heard = model_intents(words, context, settings, spent, told)
    return heard, spent.usage(settings)


def step(operation: str = "descriptor", subject: str | None = "warm", **fields: Any) -> dict[str, Any]:
    empty = dict.fromkeys(ReplyStep.model_fields)
    return {**empty, "operation": operation, "subject": subject, **fields}


def number(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "value": value}


def reply(*steps: dict[str, Any], outcome: str = "plan", **fields: Any) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "language": "en",
        "question": None,
        "choices": [],
        "answer": None,
        "unsupported": [],
        "in_order": False,
        "steps": list(steps),
        **fields,
    }


WARM = reply(step(amount=0.5, words="a bit warmer"))
