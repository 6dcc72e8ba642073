"""Check: one promise of a plan held against the sound that came out."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Check(BaseModel):
    """asked and got in `unit`; `reason` says why a missed one was missed ("not reachable: needs 9 dB of limiting").

    Of a wish, besides: the user's `words`; `shows`, what was measured before and after, whose change asked and got are;
    and `sense`: what was asked is the least, the most, or the figure itself. faint: a wish without a number that moved
    the right way, by less than is just noticed and half of that at least; that is `ok`, and `reason` says it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    asked: float | str | bool | None
    got: float | str | bool | None
    unit: str
    ok: bool
    reason: str | None = None
    words: str | None = None
    shows: str | None = None
    sense: Literal["at_least", "at_most", "about"] | None = None
    faint: bool = False
