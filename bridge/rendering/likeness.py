"""What a plan promised of its reference, held against the sound that came out."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.reading import Analysis
from bridge.planning.plan import Plan
from bridge.rendering.check import Check

TOLERANCE_DB, UNTRIED_DB, SHARE = 0.3, 0.6, 0.1
"""Of the mean distance: for a plan that was tried on pieces of the sound, from which the rest differs a little; for one
that was not, as width and limiting change what the equalizer alone would reach; and of what is promised, because what
an equalizer cannot reach differs most from piece to piece."""


def likeness(plan: Plan, after: Analysis) -> Iterator[Check]:
    """How far the third octaves lie from the reference's. Nothing is asked where other wishes change the sound too, nor
    where no spectrum is matched. Width and dynamics are aims and no promises: how far they go lies in the sound."""
    matched = plan.matched
    got = matched.reference.distance_db(after) if matched is not None else None
    if matched is None or got is None:
        return
    asked = matched.promised_db if any(step.effect == "equalizer" for step in plan.steps) else None
    within = max(TOLERANCE_DB if matched.tried else UNTRIED_DB, SHARE * (asked or 0.0))
    ok = asked is None or got <= asked + within
    was = "" if matched.before_db is None else f", {matched.before_db:.1f} dB before"
    reason = None if ok else f"{got:.1f} dB from {matched.reference.name}{was}"
    yield Check(name="reference_distance", asked=asked, got=round(got, 2), unit="dB", ok=ok, reason=reason)
