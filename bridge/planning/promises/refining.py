"""A plan whose wishes fell short -> the same plan with more of what they asked for, once, within the soft spans.

What the user said in numbers is not touched, nor is what other wishes asked for. Every number passes the clamper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.effects import BY_NAME
from bridge.planning.clamp import clamp
from bridge.planning.plan import Plan, Step
from bridge.planning.promises.promise import Promise
from bridge.planning.taste import octaves_apart

_MOST, _LEAST = 3.0, 1.25
"""A step is made so many times as strong at most, and at least, or the second rendering would hardly differ."""
_OVER = 1.2
"""Aimed this far beyond what was asked, because effects answer to more of themselves with less."""
_BLIND = 2.5
"""Where the first rendering moved nothing, or the wrong way, nothing tells how much is needed."""
_SAME_OCTAVES = 0.02
_THRESHOLD_DB = 6.0
"""By how much a threshold goes down for a step made twice as strong."""
_REACH_OCTAVES = 0.5

Numbers = dict[str, Any]


@dataclass(frozen=True)
class Shortfall:
    """A wish that is open to more, and what was measured of it. headroom_db: between the peak of the result and full
    scale where it comes out; None where nothing bounds it (a ceiling follows)."""

    promise: Promise
    got: float
    headroom_db: float | None = None

    @property
    def factor(self) -> float:
        way = 1.0 if self.promise.asked >= 0 else -1.0
        moved = self.got * way
        if moved <= 0:
            return _BLIND
        return min(_MOST, max(_LEAST, _OVER * abs(self.promise.asked) / moved))


def refined(plan: Plan, shortfalls: Iterable[Shortfall]) -> Plan | None:
    """None where no step can be made stronger within its soft spans."""
    steps = list(plan.steps)
    for shortfall in shortfalls:
        steps = [_stronger(step, shortfall, plan) if _answers(step, shortfall) else step for step in steps]
    if tuple(steps) == plan.steps:
        return None
    return plan.model_copy(update={"steps": tuple(steps), "parent_id": plan.id}).with_id()


def _answers(step: Step, shortfall: Shortfall) -> bool:
    promise = shortfall.promise
    return (
        step.enabled
        and step.where == promise.where
        and promise.wish in step.intent.split(", ")
        and step.effect in _STRONGER
    )


def _stronger(step: Step, shortfall: Shortfall, plan: Plan) -> Step:
    scaled = _STRONGER[step.effect](dict(step.parameters), shortfall, _said_hz(plan, step))
    held = clamp(step.effect, scaled)
    was = BY_NAME[step.effect].model_validate(step.parameters).parameters()
    if held.parameters == was or not _further(was, held.parameters):
        return step
    reason = step.reason.rstrip(".").rsplit(": ", 1)[0]
    told = f"{reason}; {shortfall.promise.title} moved by {shortfall.got:+.2f} {shortfall.promise.unit}, so more of it"
    return step.model_copy(
        update={
            "parameters": held.parameters,
            "reason": f"{told}: {held.description}.",
            "clamped_from": {**step.clamped_from, **held.held},
        }
    )


def _further(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Soft spans must not take back what a user's number had reached beyond them."""
    bands = zip(before.get("bands") or (), after.get("bands") or (), strict=False)
    pairs = [(before, after), *((one, two) for one, two in bands if isinstance(one, dict))]
    return not any(
        name != "threshold_db" and _less(was, two.get(name))
        for one, two in pairs
        for name, was in one.items()
    )


def _less(was: object, now: object) -> bool:
    numbers = isinstance(was, (int, float)) and isinstance(now, (int, float))
    return numbers and was * now > 0 and abs(now) < abs(was)  # type: ignore[operator, arg-type]


def _said_hz(plan: Plan, step: Step) -> tuple[float, ...]:
    """Frequencies of bands that the user named; those are his."""
    return tuple(
        float(intent.given["frequency_hz"])
        for intent in plan.intents
        if intent.operation == "band" and intent.where == step.where and "frequency_hz" in intent.given
    )


def _equalized(numbers: Numbers, shortfall: Shortfall, said_hz: tuple[float, ...]) -> Numbers:
    """Bands that pull the way the wish goes grow; all gains within the room that is left for them."""
    promise = shortfall.promise
    region = promise.shows.band_hz if promise.shows is not None else None
    against = promise.shows.against_hz if promise.shows is not None else None
    bands = []
    for band in numbers.get("bands", ()):
        gain = float(band.get("gain_db", 0.0))
        theirs = any(octaves_apart(float(band["frequency_hz"]), hz) < _SAME_OCTAVES for hz in said_hz)
        if theirs or not gain or not _pulls(band, promise.asked, region, against):
            bands.append(band)
            continue
        more = gain * shortfall.factor
        if more > 0 and shortfall.headroom_db is not None:
            more = max(gain, min(more, gain + shortfall.headroom_db))
        bands.append({**band, "gain_db": round(more, 2)})
    return {**numbers, "bands": bands}


def _pulls(
    band: Mapping[str, Any],
    asked: float,
    region: tuple[float, float] | None,
    against: tuple[float, float] | None,
) -> bool:
    """Whether more of the band moves the figure the way that was asked; where it is no region, all bands of the step
    are the wish's own."""
    if region is None:
        return True
    gain = float(band["gain_db"])
    inside = _touches(band, region)
    outside = _touches(band, against) if against is not None else not inside
    if inside and outside:
        return False
    return (inside and gain * asked > 0) or (outside and gain * asked < 0)


def _touches(band: Mapping[str, Any], region: tuple[float, float]) -> bool:
    hz, (low, high) = float(band["frequency_hz"]), region
    if band["kind"] == "low_shelf":
        return low < hz * 2**_REACH_OCTAVES
    if band["kind"] == "high_shelf":
        return high > hz / 2**_REACH_OCTAVES
    return low / 2**_REACH_OCTAVES <= hz <= high * 2**_REACH_OCTAVES


def _times(*names: str) -> Callable[[Numbers, Shortfall, tuple[float, ...]], Numbers]:
    def grown(numbers: Numbers, shortfall: Shortfall, _: tuple[float, ...]) -> Numbers:
        return numbers | {
            name: round(float(numbers[name]) * shortfall.factor, 3) for name in names if numbers.get(name)
        }

    return grown


def _pressed(numbers: Numbers, shortfall: Shortfall, _: tuple[float, ...]) -> Numbers:
    return numbers | {
        "threshold_db": round(float(numbers["threshold_db"]) - _THRESHOLD_DB * (shortfall.factor - 1), 1)
    }


def _closed(numbers: Numbers, shortfall: Shortfall, _: tuple[float, ...]) -> Numbers:
    return numbers | {
        "threshold_db": round(float(numbers["threshold_db"]) + _THRESHOLD_DB * (shortfall.factor - 1), 1),
        "ratio": round(min(10.0, float(numbers["ratio"]) * shortfall.factor), 2),
    }


def _widened(numbers: Numbers, shortfall: Shortfall, _: tuple[float, ...]) -> Numbers:
    width = 1.0 + (float(numbers["width"]) - 1.0) * shortfall.factor
    return numbers | {
        "width": round(width, 2),
        "decorrelation": round(float(numbers["decorrelation"]) * shortfall.factor, 3),
    }


def _louder(numbers: Numbers, shortfall: Shortfall, _: tuple[float, ...]) -> Numbers:
    gain = float(numbers["gain_db"])
    more = gain * shortfall.factor
    if more > 0 and shortfall.headroom_db is not None:
        more = max(gain, min(more, gain + shortfall.headroom_db))
    return numbers | {"gain_db": round(more, 2)}


def _de_essed(numbers: Numbers, shortfall: Shortfall, said: tuple[float, ...]) -> Numbers:
    return _pressed(_times("amount_db")(numbers, shortfall, said), shortfall, said)


_STRONGER: dict[str, Callable[[Numbers, Shortfall, tuple[float, ...]], Numbers]] = {
    "equalizer": _equalized,
    "gain": _louder,
    "compressor": _pressed,
    "gate": _closed,
    "stereo_width": _widened,
    "transient_shaper": _times("attack_db", "sustain_db"),
    "saturation": _times("drive_db", "mix"),
    "reverb": _times("mix"),
    "convolution_reverb": _times("mix"),
    "delay": _times("mix"),
    "de_esser": _de_essed,
    "denoise": _times("amount_db"),
    "enhancer": _times("harmonics_db"),
}
