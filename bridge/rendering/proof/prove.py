"""Promises of a plan -> checks; what cannot be measured on this sound is said and never taken for kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bridge.analysis.reading import Analysis
from bridge.planning.place import INPUT, MIX
from bridge.planning.plan import Plan
from bridge.planning.promises.promise import Promise
from bridge.rendering.check import Check
from bridge.rendering.placing import Placed
from bridge.rendering.proof.apart import as_it_can_be_heard, beside
from bridge.rendering.proof.found import Found, Unproven
from bridge.rendering.proof.listened import Listened
from bridge.rendering.proof.new_sound import new_percent
from bridge.rendering.proof.pitch import shift_cents
from bridge.rendering.proof.place import place_db
from bridge.rendering.proof.tail import tail_db
from bridge.rendering.proof.width import width_db


@dataclass(frozen=True)
class Missed:
    """after: the result where the promise speaks of it; None where the figure is not read from an analysis."""

    promise: Promise
    got: float
    after: Analysis | None = None


@dataclass(frozen=True)
class Proof:
    """checks: one for each wish that could be measured. unproven: a sentence for each that could not. missed: what was
    measured of those that were not kept, or only faintly."""

    checks: tuple[Check, ...] = ()
    unproven: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = ()


def promises_at(plan: Plan, place: str | None, parts: Iterable[str] = ()) -> tuple[Promise, ...]:
    """Of a sound alone (place None), of one stem, or of a bus or the mix of stems. parts: buses, and the mix."""
    if place is None:
        places: tuple[str, ...] = (INPUT, MIX)
    else:
        places = (place,) if place == MIX or place in parts else (INPUT, place)
    return tuple(promise for promise in plan.promises if promise.where in places)


def prove(
    promises: Iterable[Promise], steps: tuple[Placed, ...], source: Listened, result: Listened
) -> Proof:
    """steps: that made the result of the source."""
    checks: list[Check] = []
    unproven: list[str] = []
    missed: list[Missed] = []
    for made in promises:
        promise = made
        try:
            promise = as_it_can_be_heard(made, steps)
            found = _found(promise, steps, source, result)
            checks.append(_check(promise, found))
            if not checks[-1].ok or checks[-1].faint:
                missed.append(Missed(promise, found.got, found.after))
        except Unproven as why:
            said = f'"{promise.words}"' if promise.words else promise.name.removeprefix("wish_")
            unproven.append(f"{said} cannot be proven on this sound: {why}.")
    return Proof(tuple(checks), tuple(dict.fromkeys(unproven)), tuple(missed))


def _check(promise: Promise, found: Found) -> Check:
    tolerance = promise.tolerance if found.tolerance is None else found.tolerance
    held = promise.model_copy(update={"asked": found.asked, "tolerance": tolerance})
    kept, faint = held.kept(found.got), held.faint(found.got)
    return Check(
        name=promise.name, asked=round(found.asked, 3), got=round(found.got, 3), unit=promise.unit,
        ok=kept or faint, reason=None if kept else f"{promise.title} {_missed(held, found.got)}",
        words=promise.words or None, sense=promise.sense, shows=promise.title, faint=faint,
    )  # fmt: skip


def _missed(promise: Promise, got: float) -> str:
    unit = f" {promise.unit}" if promise.unit else ""
    if promise.faint(got):
        return f"moved by {got:+.2f}{unit}, the right way; {promise.asked:+.2f}{unit} is what is just noticed"
    if promise.sense == "about":
        return f"is {got:+.4g}{unit}, {abs(got - promise.asked):.3g}{unit} from what was asked"
    bound = "at most" if promise.sense == "at_most" else "at least"
    return f"moved by {got:+.2f}{unit}; {bound} {promise.asked:+.2f}{unit} was asked"


def _found(promise: Promise, steps: tuple[Placed, ...], source: Listened, result: Listened) -> Found:
    if promise.figure == "none":
        raise Unproven(promise.why)
    if promise.span is not None and any(item.effect.retimes for item in steps):
        raise Unproven("the plan changes time, and the stretch it speaks of lies elsewhere by now")
    try:
        if promise.figure == "speed":
            return Found(promise.asked, _speed(steps, source, result))
        if promise.figure in ("shows", "place"):
            return _by_analysis(promise, steps, source, result)
        if promise.figure == "reading":
            return _reading(promise, result)
        if promise.figure == "beside":
            one, two = (each.view(promise.span, promise.part) for each in (source, result))
            return Found(promise.asked, beside(promise, steps, one, two))
        if promise.figure in ("tail", "new"):
            return Found(promise.asked, _beside(promise, steps, source, result))
        by_sound = _pitch if promise.figure == "pitch" else _width
        return Found(promise.asked, by_sound(promise, source, result))
    except ValueError as why:
        raise Unproven(str(why)) from None


def _by_analysis(promise: Promise, steps: tuple[Placed, ...], source: Listened, result: Listened) -> Found:
    was, now = (each.analysis(promise.span, promise.part, _curve(promise)) for each in (source, result))
    if promise.band is not None:
        found = place_db(promise.band, steps, was, now)
        if isinstance(found, str):
            raise Unproven(found)
        own, got, apart = found
        if promise.sense != "about":
            return Found(promise.asked, got)
        if _SURE * apart > max(abs(own), promise.tolerance):
            raise Unproven("other steps change every third octave by more than that")
        return Found(own, got, tolerance=max(promise.tolerance, _SURE * apart))
    assert promise.shows is not None
    steady = _steady(promise, promise.shows.read(was))
    if steady is not None:
        raise Unproven(steady)
    moved = promise.shows.moved(was, now)
    if moved is None:
        raise Unproven(_why_not(promise, was.readings, now.readings))
    return Found(promise.asked, promise.shows.sign * moved, now)


_SURE = 2.0
"""Standard deviations of what other steps do to third octaves, within which a band is as it was asked."""
_MONO_DB = -50.0
_STEADY = {
    "dips": (1.0, "its level hardly falls between hits"),
    "spread": (0.7, "it is as loud all the time"),
}
"""Below so many dB there is nothing that room could fill or compression could press."""


def _steady(promise: Promise, was: float | None) -> str | None:
    figure = promise.shows.figure if promise.shows else None
    if figure is None or was is None:
        return None
    least, why = _STEADY[figure]
    return why if was < least else None


def _curve(promise: Promise) -> str | None:
    """The curve that the figure is read from."""
    if promise.shows is None or promise.shows.band_hz is not None:
        return "spectrum"
    return {None: None, "dips": "waveform", "spread": "loudness"}[promise.shows.figure]


def _why_not(promise: Promise, *measured: object) -> str:
    metric = promise.shows.metric if promise.shows else None
    for readings in measured:
        reading = readings.get(metric) if metric and isinstance(readings, dict) else None
        if reading is not None and reading.value is None:
            return f"{promise.title}: {reading.reason}"
    return f"{promise.title} cannot be measured"


def _pitch(promise: Promise, source: Listened, result: Listened) -> float:
    one, two = (each.view(promise.span, promise.part) for each in (source, result))
    cents = shift_cents(one, two, promise.asked)
    if cents is None:
        raise Unproven("no lines in its spectrum can be followed from source to result")
    return cents


def _reading(promise: Promise, result: Listened) -> Found:
    assert promise.shows is not None
    now = result.analysis(promise.span, promise.part, None)
    got = promise.shows.read(now)
    if got is None:
        raise Unproven(_why_not(promise, now.readings))
    return Found(promise.asked, got)


_NO_NEW_SOUND = ("saturation", "gain", "pan", "balance")


def _beside(promise: Promise, steps: tuple[Placed, ...], source: Listened, result: Listened) -> float:
    """Figures of which both sounds are heard side by side, moment by moment."""
    if any(item.effect.retimes for item in steps):
        raise Unproven("the plan changes time, so that source and result cannot be laid side by side")
    one, two = (each.view(promise.span, promise.part) for each in (source, result))
    if promise.figure == "tail":
        got = tail_db(one, two)
        why = "it is sustained and leaves nothing behind its hits to hear a tail in"
    else:
        if any(item.effect.name not in _NO_NEW_SOUND for item in steps):
            raise Unproven("other steps make sound that was not there, too")
        got, why = new_percent(one, two), "it is too short or silent"
    if got is None:
        raise Unproven(why)
    return got


def _width(promise: Promise, source: Listened, result: Listened) -> float:
    one, two = (
        width_db(each.view(promise.span, promise.part), promise.between_hz) for each in (source, result)
    )
    if one is None or two is None:
        raise Unproven("it has no left and right" if source.sound.channels != 2 else "its middle is silent")
    if one <= _MONO_DB and promise.asked < 0:
        raise Unproven("it is mono already")
    return two - one


def _speed(steps: tuple[Placed, ...], source: Listened, result: Listened) -> float:
    others = [item for item in steps if item.effect.tail_s() > 0 or item.effect.retimes]
    if len(others) != 1:
        raise Unproven("other steps change the length too")
    return source.sound.frames / max(1, result.sound.frames)
