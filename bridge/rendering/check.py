"""Check: one promise of a plan held against the sound that came out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Check(BaseModel):
    """asked and got in `unit`; `reason` says why a missed one was missed ("not reachable: needs 9 dB of limiting")."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    asked: float | str | bool | None
    got: float | str | bool | None
    unit: str
    ok: bool
    reason: str | None = None
