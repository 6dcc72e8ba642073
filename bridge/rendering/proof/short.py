"""Wishes that a result fell short of, and what room there is for more of them."""

from __future__ import annotations

from bridge.analysis.reading import Analysis
from bridge.effects.limiter import Limiter
from bridge.effects.loudness import Loudness
from bridge.planning.promises.refining import Shortfall
from bridge.rendering.placing import Placed
from bridge.rendering.proof.prove import Proof

_TOP_DBTP = -0.3
"""Boosts may bring the true peak so far up, where nothing holds it."""


def shortfalls(proof: Proof, steps: tuple[Placed, ...], after: Analysis) -> tuple[Shortfall, ...]:
    """Of the wishes without numbers. after: of the result, whose true peak bounds what may be boosted, unless a
    ceiling stands in the chain."""
    held = any(isinstance(item.effect, Limiter | Loudness) for item in steps)
    peak = after.number("true_peak")
    headroom_db = None if held or peak is None else max(0.0, _TOP_DBTP - peak)
    return tuple(
        Shortfall(missed.promise, missed.got, headroom_db, missed.after)
        for missed in proof.missed
        if missed.promise.open and missed.promise.sense != "at_most"
    )
