"""Words of taste -> moves of several effects, scaled by what the measurement says of the sound already."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bridge.analysis.reading import Analysis
from bridge.planning.bench import Bench
from bridge.planning.draft import Draft, evidence, measured, quoted
from bridge.planning.effect_settings import settings
from bridge.planning.intent import Intent
from bridge.planning.meanings import Descriptor, Move
from bridge.planning.plan import Evidence

_NEVER_LESS = 0.4
"""Of a move that the measurement speaks against: the user asked, so something stays."""
_NEVER_MORE = 1.25
_ALREADY = 0.8
_LEAST_AMOUNT = 0.1
_SAME_OCTAVES = 0.17
"""Two bands nearer than this (a sixth of an octave) are one."""


_GROWING = ("drive_db", "depth", "mix", "makeup_db", "feedback", "attack_db", "sustain_db")
"""Numbers of a move that grow with the amount; the others are places and times."""


@dataclass(frozen=True)
class Scale:
    """factor: on the moves. note: why, for the reason. evidence: the reading."""

    factor: float
    note: str = ""
    evidence: Evidence | None = None
    already: bool = False


def scale(descriptor: Descriptor, sign: int, analysis: Analysis | None) -> Scale:
    """Smaller where the sound has the property already, larger where it lacks it; 1 where nothing was measured."""
    measure = descriptor.measure
    value = analysis.number(measure.metric) if measure and analysis else None
    if measure is None or value is None:
        return Scale(1.0)
    position = measure.position(value)
    position = position if sign > 0 else 1 - position
    factor = max(_NEVER_LESS, min(_NEVER_MORE, 1.25 - 0.75 * max(0.0, position)))
    return Scale(
        round(factor, 3),
        measured(analysis, measure.metric),
        evidence(analysis, measure.metric, measure.high if sign > 0 else measure.low),
        position >= _ALREADY,
    )


def apply(bench: Bench, intent: Intent, descriptor: Descriptor) -> None:
    """The descriptor's moves onto the bench."""
    analysis = bench.context.analysis(intent.where)
    sign = 1 if intent.amount >= 0 else -1
    found = scale(descriptor, sign, analysis)
    word = intent.words or descriptor.name
    if found.already:
        bench.warnings.append(
            f'"{word}": already so ({found.note}), so the move is only {found.factor:.0%} of the usual.'
        )
    factor = found.factor if "gain_db" not in intent.given else _as_said(descriptor, intent)
    for move, amount in _moves(descriptor, intent.amount):
        draft = _draft(bench, intent, move, amount * factor, analysis)
        note = f"; measured {found.note}" if found.note else ""
        small = f", already so: {found.factor:.0%} of the usual move" if found.already else ""
        draft.because(f"{quoted(intent)} ({_direction(descriptor, sign)}{note}{small})", found.evidence)
        if descriptor.reservation and sign < 0:
            draft.because(descriptor.reservation)


def _as_said(descriptor: Descriptor, intent: Intent) -> float:
    """The factor that makes the main move as many decibels as were said: "2 dB of air"."""
    most = max(
        (abs(m.parameters.get("gain_db", 0.0)) for m, _ in _moves(descriptor, intent.amount)), default=0.0
    )
    return (
        abs(float(intent.given["gain_db"])) / (most * abs(intent.amount)) if most and intent.amount else 1.0
    )


def _direction(descriptor: Descriptor, sign: int) -> str:
    return f"{'more' if sign > 0 else 'less'} {descriptor.name.replace('_', ' ')}"


def _moves(descriptor: Descriptor, amount: float) -> list[tuple[Move, float]]:
    """Moves with signed amounts: the way back is the descriptor's own, or the equalizer's mirrored."""
    if amount >= 0:
        return [(move, amount) for move in descriptor.more]
    if descriptor.less:
        return [(move, -amount) for move in descriptor.less]
    return [
        (move, amount) for move in descriptor.more if move.effect in ("equalizer", "stereo_width", "gain")
    ]


def _draft(bench: Bench, intent: Intent, move: Move, amount: float, analysis: Analysis | None) -> Draft:
    """What a move leaves alone (0) stays as a wish before it has set it: "more snap, less ring" is both."""
    draft = bench.draft(move.effect, intent)
    if move.effect == "equalizer":
        add_band(draft, _band(move, amount))
    elif move.effect == "gain":
        total = draft.parameters.get("gain_db", 0.0) + move.parameters.get("gain_db", 0.0) * amount
        draft.put({"gain_db": round(total, 2)}, said=False)
    elif move.effect == "stereo_width":
        width = draft.parameters.get("width", 1.0) + (move.parameters.get("width", 1.0) - 1.0) * amount
        draft.put({"width": round(width, 2)}, said=False)
    else:
        judged = _judged(move, abs(amount), analysis)
        left = {name for name in _GROWING if move.parameters.get(name) == 0 and draft.parameters.get(name)}
        draft.put({name: value for name, value in judged.items() if name not in left}, said=False)
    return draft


def _judged(move: Move, amount: float, analysis: Analysis | None) -> dict[str, float]:
    """The effect's own judgement, or the move's numbers; level-like ones grow with the amount."""
    found = settings(move.effect, analysis, move.strength * amount)
    own = {
        name: round(value * amount, 3) if name in _GROWING else value
        for name, value in move.parameters.items()
    }
    return found.parameters | own


def _band(move: Move, amount: float) -> dict[str, float | str]:
    numbers = dict(move.parameters)
    gain = numbers.pop("gain_db", 0.0)
    band: dict[str, float | str] = {"kind": move.kind or "bell", **numbers}
    if move.kind in ("high_pass", "low_pass"):
        band["frequency_hz"] = _corner_hz(move, amount)
    else:
        band["gain_db"] = round(gain * amount, 2)
    return band


def _corner_hz(move: Move, amount: float) -> float:
    """A pass has no gain to grow: the more, the further its corner moves into the sound, an octave for four times as
    much."""
    into = math.sqrt(max(abs(amount), _LEAST_AMOUNT))
    return round(move.parameters["frequency_hz"] * (into if move.kind == "high_pass" else 1 / into), 1)


def add_band(draft: Draft, band: dict[str, float | str], said: bool = False) -> None:
    """Puts a band into an equalizer's draft: near bands of one kind are added up, those that the user named stay."""
    for index, other in enumerate(draft.bands):
        if _same(other, band) and f"bands.{index}.gain_db" not in draft.said and not said:
            if "gain_db" in band:
                other["gain_db"] = round(float(other.get("gain_db", 0.0)) + float(band["gain_db"]), 2)
            return
        if said and other == band:
            return  # the same wish twice is one
    draft.bands.append(dict(band))
    if said:
        index = len(draft.bands) - 1
        draft.said |= {f"bands.{index}.{name}" for name in band}


def _same(one: dict[str, float | str], two: dict[str, float | str]) -> bool:
    if one.get("kind") != two.get("kind"):
        return False
    return octaves_apart(float(one["frequency_hz"]), float(two["frequency_hz"])) < _SAME_OCTAVES


def octaves_apart(one_hz: float, two_hz: float) -> float:
    """Distance of two frequencies; what was said may still be 0 or negative here, the clamper comes later."""
    return abs(math.log2(max(one_hz, 1.0) / max(two_hz, 1.0)))
