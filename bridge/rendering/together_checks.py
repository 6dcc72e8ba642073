"""What a plan promises of stems together, held against what came out: who is hidden, who lies apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bridge.analysis.together import Together, analyze_together
from bridge.analysis.together.masking import masking
from bridge.effects.processor import Sound
from bridge.planning.plan import Plan
from bridge.rendering.check import Check

MASKING = "masking:"
"""Begins the metric of evidence that says whom a cut makes room for."""

_NOTICED = 0.01
_IN_TIME_MS = 0.05


def wanted(plan: Plan) -> bool:
    """Whether the plan promises anything of stems together, which takes hearing all of them again."""
    return bool(_room(plan) or _moved(plan))


def check_together(
    plan: Plan, before: Mapping[str, Sound], after: Mapping[str, Sound], starts_s: Mapping[str, float]
) -> tuple[Check, ...]:
    """before, after: every stem by name, as it was and as it is in the result, which may be the same."""
    heard = analyze_together(after, starts_s)
    return (*_masking(plan, analyze_together(before, starts_s), heard), *_alignment(plan, heard))


def _room(plan: Plan) -> dict[str, list[str]]:
    """By protected stem, the stems that make room for it."""
    found: dict[str, list[str]] = {}
    for step in plan.steps:
        for item in step.evidence:
            if item.metric.startswith(MASKING) and step.enabled:
                found.setdefault(item.metric.removeprefix(MASKING), []).append(step.where)
    return found


def _moved(plan: Plan) -> list[str]:
    return [step.where for step in plan.steps if step.effect == "align" and step.intent.startswith("align")]


def _masking(plan: Plan, before: Together, after: Together) -> Iterator[Check]:
    for stem, maskers in _room(plan).items():
        if stem not in after.stems:
            continue
        was, now = _lost(before, stem, maskers), _lost(after, stem, maskers)
        ok = now <= was - _NOTICED
        yield Check(
            name=f"{stem}.hidden_by_{'_and_'.join(maskers)}",
            asked=round(100 * (was - _NOTICED), 1),
            got=round(100 * now, 1),
            unit="%",
            sense="at_most",
            ok=ok,
            reason=None if ok else f"as much of {stem} is hidden as before",
        )


def _lost(heard: Together, stem: str, maskers: list[str]) -> float:
    total = sum((heard.powers[name] for name in maskers[1:]), heard.powers[maskers[0]])
    return masking((stem, heard.powers[stem]), ("", total), heard.frame_s).lost


def _alignment(plan: Plan, after: Together) -> Iterator[Check]:
    """A stem that was moved agrees with each one that it has a source in common with."""
    for stem in _moved(plan):
        for other in after.stems:
            found = after.pair(stem, other).alignment if other != stem else None
            if found is None or not found.related or found.delay_ms is None:
                continue
            ok = abs(found.delay_ms) <= _IN_TIME_MS and not found.inverted
            yield Check(
                name=f"{stem}.in_time_with_{other}",
                asked=0.0,
                got=round(found.delay_ms, 3),
                unit="ms",
                ok=ok,
                reason=None if ok else "opposite polarity" if found.inverted else "they lie apart",
            )
