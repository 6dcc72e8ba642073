"""What an effect that was asked for shows in, by what it is set to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bridge.effects.tremolo import Tremolo
from bridge.planning.intent import Intent
from bridge.planning.plan import Step
from bridge.planning.promises import noticed
from bridge.planning.promises.promise import Promise
from bridge.planning.shows import Shows

Update = dict[str, Any]
_CENTS = 100.0
_HIGHEST_HZ = 20000.0


def of_effects(blank: Promise, intent: Intent, steps: Iterable[Step]) -> Iterator[Promise]:
    """Of the first step that shows in anything; the equalizer's bands are no one figure."""
    for step in steps:
        made = _SHOWN[step.effect](step) if step.effect in _SHOWN else None
        if made is not None:
            yield _filled(blank, intent, made)


def of_effect(blank: Promise, intent: Intent, step: Step) -> Iterator[Promise]:
    """Of one step; as one without a figure where none is known. Effects whose result other checks hold have none."""
    if step.effect in _HELD_ELSEWHERE:
        return
    made = _SHOWN[step.effect](step) if step.effect in _SHOWN else None
    yield blank if made is None else _filled(blank, intent, made)


_HELD_ELSEWHERE = frozenset(
    ("loudness", "limiter", "gain", "equalizer", "align", "trim", "fade", "hosted_plugin")
)
"""Their own checks hold them: level and ceiling, bands, timing, length."""


def _filled(blank: Promise, intent: Intent, update: Update) -> Promise:
    if update.get("sense", "at_least") == "at_least" and "open" not in update:
        update["asked"] = round(update["asked"] * min(1.0, abs(intent.amount)), 3)
        update["open"] = not intent.given
    return blank.model_copy(update={"why": "", **update})


def _reading(metric: str, asked: float) -> Update:
    return _shown(Shows(metric=metric), asked)


def _shown(shows: Shows, asked: float) -> Update:
    return {"figure": "shows", "shows": shows, "asked": asked, "unit": shows.unit}


def _width(step: Step) -> Update | None:
    if step.parameters.get("bands") and float(step.parameters["width"]) == 1.0:
        return _width_of_bands(step.parameters["bands"])
    wider = float(step.parameters["width"]) - 1.0 or float(step.parameters["decorrelation"])
    asked = noticed.WIDTH_DB * (1 if wider > 0 else -1)
    return {"figure": "width", "asked": asked, "unit": "dB"} if wider else None


def _width_of_bands(bands: list[Mapping[str, Any]]) -> Update | None:
    """Of the part of the spectrum whose width is moved most."""
    ends = [float(band["above_hz"]) for band in bands[1:]] + [_HIGHEST_HZ]
    band, end_hz = max(zip(bands, ends, strict=True), key=lambda each: abs(float(each[0]["width"]) - 1.0))
    wider = float(band["width"]) - 1.0
    asked = noticed.WIDTH_DB * (1 if wider > 0 else -1)
    between_hz = (float(band["above_hz"]), end_hz)
    return {"figure": "width", "asked": asked, "unit": "dB", "between_hz": between_hz} if wider else None


def _panned(step: Step) -> Update | None:
    position = float(step.parameters["position"])
    return _reading("balance", noticed.SIDES_DB * (1 if position > 0 else -1)) if position else None


def _balanced(step: Step) -> Update | None:
    moved = float(step.parameters["right_over_left_db"])
    most = noticed.SIDES_DB
    return _reading("balance", max(-most, min(most, 0.8 * moved))) if moved else None


def _driven(step: Step) -> Update | None:
    return {"figure": "new", "asked": noticed.NEW_PERCENT, "unit": "%"}


def _tighter(step: Step) -> Update:
    return _shown(Shows(figure="spread"), -noticed.SPREAD_LU)


def _beside(step: Step) -> Update | None:
    """What is mixed in at equal power is tan(mix * 90 degrees) of the dry sound; a quarter of it at least, as damping,
    cuts and held notes, whose copies are like themselves, take a part; what is noticed is enough."""
    mix = float(step.parameters.get("mix", 1.0))
    there = 100 * math.tan(min(mix, 0.9) * math.pi / 2)
    return _there(min(noticed.BESIDE_PERCENT, 0.25 * there)) if there else None


def _swinging(step: Step) -> Update | None:
    """A gain of 1 - depth * (1 - cos) / 2 is a carrier of 1 - depth / 2 with a swing of depth / 2 beside it."""
    depth = float(step.parameters.get("depth", Tremolo().depth))
    there = 100 * depth / 2 / math.sqrt(2) / (1 - depth / 2)
    return _there(min(noticed.SWING_PERCENT, 0.5 * there)) if there else None


def _there(asked: float) -> Update:
    return {"figure": "beside", "asked": round(asked, 2), "unit": "%"}


def _drier(step: Step) -> Update:
    return tail(-noticed.TAIL_DB)


def tail(asked: float) -> Update:
    return {"figure": "tail", "asked": asked, "unit": "dB"}


def _shaped(step: Step) -> Update | None:
    attack, sustain = (float(step.parameters[name]) for name in ("attack_db", "sustain_db"))
    if attack:
        return _reading("crest_factor", noticed.PUNCH_DB * (1 if attack > 0 else -1))
    return tail(noticed.TAIL_DB * (1 if sustain > 0 else -1)) if sustain else None


def _less(metric: str, least: float) -> Callable[[Step], Update]:
    return lambda step: _reading(metric, -least)


def _shifted(step: Step) -> Update:
    cents = _CENTS * float(step.parameters["semitones"]) + float(step.parameters["cents"])
    return {
        "figure": "pitch", "asked": cents, "unit": "cents", "sense": "about", "tolerance": noticed.PITCH_CENTS,
        "open": False,
    }  # fmt: skip


def _paced(step: Step) -> Update | None:
    """Where a length was said, the check of the length holds it."""
    given = step.parameters
    if given.get("length_s") is not None:
        return None
    speed = (
        float(given["to_bpm"]) / float(given["from_bpm"])
        if given.get("to_bpm") and given.get("from_bpm")
        else 0.0
    )
    speed = speed or float(given["speed"])
    return {
        "figure": "speed", "asked": round(speed, 5), "unit": "x", "sense": "about",
        "tolerance": round(noticed.SPEED_PARTS * speed, 5), "open": False,
    }  # fmt: skip


_SHOWN: dict[str, Callable[[Step], Update | None]] = {
    "stereo_width": _width,
    "compressor": _tighter,
    "multiband_compressor": _tighter,
    "reverb": _beside,
    "convolution_reverb": _beside,
    "delay": _beside,
    "chorus": _beside,
    "flanger": _beside,
    "phaser": _beside,
    "tremolo": _swinging,
    "transient_shaper": _shaped,
    "gate": _drier,
    "denoise": _less("noise_floor", noticed.NOISE_DB),
    "de_esser": _less("sibilance", noticed.PUNCH_DB),
    "dehum": _less("hum", noticed.NOISE_DB),
    "declick": _less("clicks", 1.0),
    "declip": _less("clipped_tops", 1.0),
    "pan": _panned,
    "balance": _balanced,
    "saturation": _driven,
    "pitch_shift": _shifted,
    "time_stretch": _paced,
}
