"""What the answers of a model took: tokens as the server counts them, money where it or the settings tell the price."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from bridge.llm.extract import usage
from bridge.planning.plan import Usage


class Prices(Protocol):
    """USD for a million tokens; None where nobody said."""

    @property
    def model_price_in(self) -> float | None: ...
    @property
    def model_price_out(self) -> float | None: ...


@dataclass
class Spent:
    """Adds up over the calls of one request. What one call does not tell is unknown of all of them, never 0."""

    calls: int = 0
    answers: list[dict[str, Any] | None] = field(default_factory=list)
    began_s: float = field(default_factory=time.monotonic)

    def asked(self) -> None:
        """A request went out: from now on its cost is unknown until an answer tells it."""
        self.calls += 1

    def declined(self) -> None:
        """The last request was turned down for its form: nothing was answered, and nothing is counted for it."""
        self.calls -= 1

    def answered(self, body: bytes) -> dict[str, Any] | None:
        """What the answer told of what it took."""
        self.answers.append(usage(body))
        return self.answers[-1]

    def usage(self, prices: Prices) -> Usage | None:
        """None where nothing was asked."""
        if not self.calls:
            return None
        known = len(self.answers) == self.calls and all(answer is not None for answer in self.answers)
        told = [answer for answer in self.answers if answer is not None]
        return Usage(
            calls=self.calls,
            prompt_tokens=sum(int(answer["prompt_tokens"]) for answer in told) if known else None,
            completion_tokens=sum(int(answer["completion_tokens"]) for answer in told) if known else None,
            cost_usd=_cost(told, prices) if known else None,
            seconds=round(time.monotonic() - self.began_s, 3),
        )


def _cost(answers: list[dict[str, Any]], prices: Prices) -> float | None:
    """What the server charged where it says so (OpenRouter: `usage.cost`), else tokens times the settings' prices."""
    charged = [_charged(answer) for answer in answers]
    if all(cost is not None for cost in charged):
        return round(sum(cost for cost in charged if cost is not None), 8)
    if prices.model_price_in is None or prices.model_price_out is None:
        return None
    tokens_in = sum(int(answer["prompt_tokens"]) for answer in answers)
    tokens_out = sum(int(answer["completion_tokens"]) for answer in answers)
    return round((tokens_in * prices.model_price_in + tokens_out * prices.model_price_out) / 1e6, 8)


def _charged(answer: dict[str, Any]) -> float | None:
    cost = answer.get("cost")
    if isinstance(cost, bool) or not isinstance(cost, int | float):
        return None
    return float(cost) if math.isfinite(cost) and cost >= 0 else None
