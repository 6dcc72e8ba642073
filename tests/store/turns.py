"""Turns to be kept."""

from __future__ import annotations

from bridge.planning.plan import Outcome, Plan, Step
from bridge.session import Turn

SOUND = "ab" * 32
ID = f"{SOUND[:16]}-1"


def made(words: str, id: str = "") -> Turn:
    step = Step(id="gain-1", effect="gain", parameters={"gain_db": float(len(words))})
    return Turn(
        words=words, outcome=Outcome(kind="plan", plan=Plan(request=words, steps=(step,)).with_id()), id=id
    )
