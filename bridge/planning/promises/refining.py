"""A plan whose wishes fell short -> the same plan with more of what they asked for, once, within the soft spans.

Only moves that the missed figure hears grow (`pulling`); harmonics stay as they are, whatever they are part of. What
the user said in numbers is not touched, nor is what other wishes asked for. Every number passes the clamper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.analysis.reading import Analysis
from bridge.effects import BY_NAME
from bridge.planning.clamp import clamp
from bridge.planning.plan import Plan, Step
from bridge.planning.promises.promise import Promise
from bridge.planning.promises.pulling import band_pulls, factor_for, pulls
from bridge.planning.taste import octaves_apart

_MOST, _LEAST = 2.0, 1.25
"""A step is made so many times as strong at most, and at least, or the second rendering would hardly differ."""
_MOST_OF_BANDS, _MOST_DB = 4.0, 6.0
"""What a band does is known beforehand from the spectrum, so that it may grow further; but to no more dB than this,
where a colour becomes another sound. Own."""
_OVER = 1.2
"""Aimed this far beyond what was asked, because effects answer to more of themselves with less."""
_TAKEN_BACK = 1.75
"""Where a limiter behind the bands turned their move round, it takes back nearly half of what comes on top as well.
Own, from what the second rendering of 8 recordings behind -14 LUFS came to (37 to 57 % of what was aimed at)."""
_BLIND = 1.5
"""Where the first rendering moved nothing, or the wrong way, nothing tells how much is needed."""
_SAME_OCTAVES = 0.02
_THRESHOLD_DB = 6.0
"""By how much a threshold goes down for a step made twice as strong."""

Numbers = dict[str, Any]


@dataclass(frozen=True)
class Shortfall:
    """A wish that is open to more, and what was measured of it. headroom_db: between the peak of the result and full
    scale where it comes out; None where nothing bounds it (a ceiling follows). after: the result as it was measured."""

    promise: Promise
    got: float
    headroom_db: float | None = None
    after: Analysis | None = None

    @property
    def factor(self) -> float:
        way = 1.0 if self.promise.asked >= 0 else -1.0
        moved = self.got * way
        if moved <= 0:
            return _BLIND
        ratio = _OVER * abs(self.promise.asked) / moved
        if self.promise.figure == "tail":
            ratio = (
                ratio**0.5
            )  # power is added to what is there, so that twice the mix is four times the tail
        return min(_MOST, max(_LEAST, ratio))

    def factor_of(self, bands: Sequence[Mapping[str, Any]]) -> float:
        """On the gains of bands that pull: as much as the spectrum of the result says that it takes."""
        way = 1.0 if self.promise.asked >= 0 else -1.0
        missing = _OVER * abs(self.promise.asked) - self.got * way
        if self.headroom_db is None and self.got * way < 0:
            missing *= _TAKEN_BACK
        found = factor_for(bands, self.promise, self.after, missing, _MOST_OF_BANDS)
        return self.factor if found is None else max(1.0, found)

    @property
    def is_level(self) -> bool:
        """Whether a gain moves the figure dB by dB."""
        return self.promise.shows is not None and self.promise.shows.metric == "integrated_loudness"

    @property
    def hopeless(self) -> bool:
        """Whether it went the wrong way by more than was asked: other steps outdo these, and more would not mend it."""
        shows = self.promise.shows
        known = shows is not None and shows.band_hz is not None and self.after is not None
        return not (known or self.is_level) and self.got * self.promise.asked < -(self.promise.asked**2)


def refined(plan: Plan, shortfalls: Iterable[Shortfall]) -> Plan | None:
    """None where no step can be made stronger within its soft spans."""
    steps = list(plan.steps)
    for shortfall in shortfalls:
        if shortfall.hopeless:
            continue
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
        and pulls(step.effect, promise)
    )


def _stronger(step: Step, shortfall: Shortfall, plan: Plan) -> Step:
    scaled = _STRONGER[step.effect](dict(step.parameters), shortfall, _said_hz(plan, step))
    held = clamp(step.effect, scaled)
    was = BY_NAME[step.effect].model_validate(step.parameters).parameters()
    if held.parameters == was:
        return step
    if shortfall.promise.figure != "reading" and not _further(was, held.parameters):
        return step
    reason = step.reason.rstrip(".").rsplit(": ", 1)[0]
    told = f"{reason}; {shortfall.promise.title} moved by {shortfall.got:+.2f} {shortfall.promise.unit}, so more of it"
    return step.model_copy(
        update={
            "parameters": held.parameters,
            "planned": step.planned or step.parameters,
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
    """Bands that pull the way the wish goes grow by what is missing; all gains within the room that is left for them,
    and no further than a round may bring them."""
    bands = list(numbers.get("bands", ()))
    own = [index for index, band in enumerate(bands) if _grows(band, shortfall, said_hz)]
    factor = shortfall.factor_of([bands[index] for index in own])
    for index in own:
        gain = float(bands[index]["gain_db"])
        more = max(-_MOST_DB, min(_MOST_DB, gain * factor))
        if more > 0 and shortfall.headroom_db is not None:
            more = min(more, gain + shortfall.headroom_db)
        if abs(more) > abs(gain):
            bands[index] = {**bands[index], "gain_db": round(more, 2)}
    return {**numbers, "bands": bands}


def _grows(band: Mapping[str, Any], shortfall: Shortfall, said_hz: tuple[float, ...]) -> bool:
    theirs = any(octaves_apart(float(band["frequency_hz"]), hz) < _SAME_OCTAVES for hz in said_hz)
    return not theirs and bool(band.get("gain_db")) and band_pulls(band, shortfall.promise, shortfall.after)


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
    if shortfall.promise.figure == "reading":
        return numbers | {"gain_db": round(gain + shortfall.promise.asked - shortfall.got, 3)}
    missing = _OVER * shortfall.promise.asked - shortfall.got
    more = gain + max(-_MOST_DB, min(_MOST_DB, missing)) if shortfall.is_level else gain * shortfall.factor
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
    "saturation": _times("drive_db"),
    "reverb": _times("mix"),
    "convolution_reverb": _times("mix"),
    "delay": _times("mix"),
    "chorus": _times("mix"),
    "flanger": _times("mix"),
    "phaser": _times("mix"),
    "tremolo": _times("depth"),
    "de_esser": _de_essed,
    "denoise": _times("amount_db"),
}
