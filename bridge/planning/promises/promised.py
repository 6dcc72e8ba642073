"""Intents and the steps that answer to them -> what each wish must show in the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bridge.planning.draft import source
from bridge.planning.intent import Intent
from bridge.planning.lexicon import Lexicon
from bridge.planning.meanings import Descriptor
from bridge.planning.plan import Step
from bridge.planning.promises import noticed
from bridge.planning.promises.of_effects import of_effect, of_effects, tail
from bridge.planning.promises.of_levels import of_level, of_peak
from bridge.planning.promises.promise import Promise, ShownBand
from bridge.planning.shows import Shows

_PASSES = ("high_pass", "low_pass")


def promises(intents: Iterable[Intent], steps: tuple[Step, ...], lexicon: Lexicon) -> tuple[Promise, ...]:
    """One for each wish that a step answers to; none for wishes that other checks hold (loudness targets, ceilings,
    references) and for those that let the tool decide."""
    found: dict[str, Promise] = {}
    for intent in intents:
        answering = _answering(intent, steps)
        if not answering and intent.operation != "keep":
            continue
        for promise in _of(intent, answering, steps, lexicon):
            found.setdefault(_key(promise, found), promise)
    return tuple(found[key].model_copy(update={"name": key}) for key in found)


def _answering(intent: Intent, steps: tuple[Step, ...]) -> list[Step]:
    wish = source(intent)
    return [
        step
        for step in steps
        if step.enabled and step.where == intent.where and wish in step.intent.split(", ")
    ]


def _key(promise: Promise, taken: dict[str, Promise]) -> str:
    """Its name, numbered where several wishes show in the same: two bands are two promises, a repeated wish is one."""
    name, number = promise.name, 1
    while name in taken and taken[name].model_copy(update={"name": promise.name}) != promise:
        number += 1
        name = f"{promise.name}_{number}"
    return name


def _of(
    intent: Intent, answering: list[Step], steps: tuple[Step, ...], lexicon: Lexicon
) -> Iterator[Promise]:
    if intent.operation == "descriptor":
        descriptor = lexicon.descriptor(intent.subject)
        if descriptor is not None:
            yield _descriptor(intent, descriptor, answering)
    elif intent.operation == "band":
        yield _band(intent, answering, lexicon)
    elif intent.operation == "level" and "peak_dbtp" in intent.given:
        yield from of_peak(_blank(intent), intent, steps)
    elif intent.operation == "level":
        yield from of_level(_blank(intent), intent, steps)
    elif intent.operation == "keep":
        yield from _keep(intent, lexicon)
    elif intent.operation == "effect":
        yield from (made for step in answering for made in of_effect(_blank(intent), intent, step))


def _blank(intent: Intent) -> Promise:
    """A promise of this wish with everything still open."""
    name = intent.subject or intent.operation
    return Promise(
        name=f"wish_{name}", wish=source(intent), words=intent.words, where=intent.where, part=intent.part,
        span=intent.span, figure="none", why="no figure is known that shows it",
    )  # fmt: skip


def _least(least: float, intent: Intent) -> float:
    """A part of a plain wish need only be a part of what is noticed."""
    return round(least * min(1.0, abs(intent.amount)), 3)


def _descriptor(intent: Intent, descriptor: Descriptor, answering: list[Step]) -> Promise:
    """By the figure that the lexicon names, else by that of the first effect that the word brings."""
    way = 1.0 if intent.amount >= 0 else -1.0
    shows = descriptor.shows_in
    blank = _blank(intent)
    if shows is None:
        return next(iter(of_effects(blank, intent, answering)), blank)
    if is_room(descriptor):  # looked for behind the hits of the source itself
        asked = round(way * _least(noticed.TAIL_DB, intent), 3)
        return blank.model_copy(update={**tail(asked), "why": ""})
    least = _least(_noticed(shows), intent)
    if shows.metric == "side_to_mid":  # whose reading is that of the bass, where the side is left alone
        asked = round(way * shows.sign * least, 3)
        return blank.model_copy(update={"figure": "width", "asked": asked, "unit": "dB", "why": ""})
    return blank.model_copy(
        update={
            "figure": "shows", "shows": shows, "asked": round(way * shows.sign * least, 3), "unit": shows.unit,
            "why": "",
        }
    )  # fmt: skip


def is_room(descriptor: Descriptor) -> bool:
    """Whether the word is about what goes on behind hits, and not about how even the level is, as of compression."""
    shows = descriptor.shows_in
    return (
        shows is not None
        and (shows.figure, shows.sign) == ("dips", -1)
        and any(move.effect != "compressor" for move in descriptor.more)
    )


_READINGS = {
    "integrated_loudness": noticed.LOUDNESS_LU, "side_to_mid": noticed.WIDTH_DB, "noise_floor": noticed.NOISE_DB,
    "hum": noticed.NOISE_DB, "hiss": noticed.NOISE_DB, "spectral_centroid": noticed.CENTROID_HZ,
    "correlation": noticed.CORRELATION, "spectral_tilt": noticed.TILT_DB,
    "transient_strength": noticed.TRANSIENTS,
}  # fmt: skip


def _noticed(shows: Shows) -> float:
    """How much of a change of that figure is heard."""
    if shows.figure is not None:
        return {"dips": noticed.DIPS_DB, "spread": noticed.SPREAD_LU}[shows.figure]
    return noticed.BALANCE_DB if shows.metric is None else _READINGS.get(shows.metric, noticed.PUNCH_DB)


def _band(intent: Intent, answering: list[Step], lexicon: Lexicon) -> Promise:
    """A place in the spectrum as the step has it now, which the user may have said in numbers or only by name."""
    blank = _blank(intent.model_copy(update={"subject": intent.subject or "band"}))
    blank = blank.model_copy(update={"wish": source(intent)})
    band = _nearest(intent, answering)
    if band is None:
        return blank
    wanted = ShownBand.model_validate({name: band[name] for name in ShownBand.model_fields if name in band})
    if wanted.kind in _PASSES:
        name = f"wish_{wanted.kind}"
        return blank.model_copy(
            update={
                "name": name, "figure": "place", "band": wanted, "unit": "dB", "open": False, "why": "",
                "asked": -noticed.PASS_DB,
            }
        )  # fmt: skip
    if not wanted.gain_db:
        return blank
    return blank.model_copy(
        update={
            "figure": "place", "band": wanted, "asked": wanted.gain_db, "unit": "dB", "sense": "about",
            "tolerance": max(noticed.BAND_DB, noticed.BAND_PART * abs(wanted.gain_db)), "open": False, "why": "",
        }
    )  # fmt: skip


def _nearest(intent: Intent, answering: list[Step]) -> dict[str, float | str] | None:
    """The band of the equalizer that this wish has become."""
    wanted_hz = float(intent.given.get("frequency_hz", 0.0))
    bands = [
        band
        for step in answering
        if step.effect == "equalizer" and step.wet >= 1
        for band in step.parameters.get("bands", ())
        if band["kind"] == intent.given.get("kind")
    ]
    return min(bands, key=lambda band: abs(band["frequency_hz"] - wanted_hz), default=None)


def _keep(intent: Intent, lexicon: Lexicon) -> Iterator[Promise]:
    """What must not come about: the property may not be heard to rise."""
    kind, _, name = intent.subject.partition(":")
    if kind == "dynamics":
        yield _not_more(intent, "dynamics", Shows(figure="spread"), -2 * noticed.SPREAD_LU)
        return
    shows = _of_descriptor(lexicon, name) if kind == "descriptor" else None
    if shows is None:
        return
    way = (1.0 if intent.amount >= 0 else -1.0) * shows.sign
    most = max(noticed.UNWANTED_DB, 2 * _noticed(shows)) if shows.unit == "dB" else 2 * _noticed(shows)
    yield _not_more(intent, f"not_{name or kind}", shows, way * most)


def _not_more(intent: Intent, name: str, shows: Shows, most: float) -> Promise:
    return _blank(intent).model_copy(
        update={
            "name": f"wish_{name}", "figure": "shows", "shows": shows, "asked": most, "unit": shows.unit,
            "sense": "at_most", "open": False, "why": "",
        }
    )  # fmt: skip


def _of_descriptor(lexicon: Lexicon, name: str) -> Shows | None:
    descriptor = lexicon.descriptor(name)
    return descriptor.shows_in if descriptor is not None else None
