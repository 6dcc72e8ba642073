"""What a plan promised of its reference, held against the sound that came out."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.reading import Analysis
from bridge.planning.matching.reference import AIMED_AT, Aspect, Matched
from bridge.planning.plan import Plan
from bridge.rendering.check import Check

TOLERANCE_DB, UNTRIED_DB, SHARE = 0.3, 0.6, 0.1
"""Of the mean distance: for a plan that was tried on pieces of the sound, from which the rest differs a little; for one
that was not, as width and limiting change what the equalizer alone would reach; and of what is expected everywhere,
because what an equalizer cannot reach differs most from piece to piece."""

AIM_DB = 1.0
"""Of width and of dynamics: so near they are reached."""

_WHY: dict[tuple[Aspect, bool], str] = {
    ("width", False): "the bass is never widened, and no range by more than a factor of 2",
    ("width", True): "each range of frequencies is set by itself, and the tone between them has changed",
    ("dynamics", False): "the reference is less dense, and what a limiter took cannot be given back",
    (
        "dynamics",
        True,
    ): "the equalizer and wider sides raise peaks again, and compression stays within 4:1 and 12 dB",
}
"""By aspect, and whether more came out than was asked."""


def likeness(plan: Plan, after: Analysis) -> Iterator[Check]:
    """How far the third octaves lie from the reference's, where they can be reached and everywhere, and how near width
    and dynamics came. Nothing is asked of the spectrum where other wishes change the sound too, nor where it is not
    matched. What cannot be had of width and dynamics lies in the sound: it is said, and no miss."""
    if plan.matched is None:
        return
    yield from _spectrum(plan, plan.matched, after)
    yield from _aims(plan.matched, after)


def _spectrum(plan: Plan, matched: Matched, after: Analysis) -> Iterator[Check]:
    got = matched.reference.distance_db(after, matched.unreachable_hz)
    if got is None:
        return
    asked = matched.promised_db if any(step.effect == "equalizer" for step in plan.steps) else None
    expected = asked if matched.everywhere_db is None else matched.everywhere_db
    within = max(TOLERANCE_DB if matched.tried else UNTRIED_DB, SHARE * (expected or 0.0))
    ok = asked is None or got <= asked + within
    was = "" if matched.before_db is None else f", {matched.before_db:.1f} dB before"
    reason = None if ok else f"{got:.1f} dB from {matched.reference.name}{was}"
    yield Check(name="reference_distance", asked=asked, got=round(got, 2), unit="dB", ok=ok, reason=reason)
    everywhere = matched.reference.distance_db(after)
    if asked is not None and matched.unreachable_hz and everywhere is not None:
        places = ", ".join(f"{hz:g}" for hz in matched.unreachable_hz)
        yield Check(
            name="reference_distance_everywhere",
            asked=None,
            got=round(everywhere, 2),
            unit="dB",
            ok=True,
            reason=f"with the third octaves that cannot be reached ({places} Hz)",
        )


def _aims(matched: Matched, after: Analysis) -> Iterator[Check]:
    """Width and dynamics: asked (as far as the amounts go), got, and why where they are apart."""
    for aspect, asked in matched.aims.items():
        got = after.number(AIMED_AT[aspect])
        if got is None:
            continue
        near = abs(got - asked) <= AIM_DB
        why = _WHY[aspect, got > asked]
        reason = None if near else f"an aim, not reached: {why}"
        yield Check(
            name=f"reference_{aspect}", asked=asked, got=round(got, 2), unit="dB", ok=True, reason=reason
        )
