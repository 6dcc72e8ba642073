"""Constraints: "but not muddy", "keep the dynamics", "don't touch the bass". They bind judgements, not said numbers."""

from __future__ import annotations

import math
from typing import Any

from bridge.planning.bench import Bench
from bridge.planning.draft import Draft, quoted
from bridge.planning.intent import Intent
from bridge.planning.meanings import Descriptor, Move
from bridge.planning.taste import add_band, octaves_apart, scale

_REACH_OCTAVES = 1.0
_LEFT_OF_A_BAND = 0.5
"""Of a move that pushes towards what must not come about."""
_GUARD_DB = 0.4
"""Of the descriptor's plain move, taken the other way where the sound is nearly so already or a move was halved."""
_GENTLE_LIMITING_DB = 2.0
_SLOW_ATTACK_MS = 30.0


def guard(bench: Bench, intent: Intent) -> None:
    """One constraint onto the bench, after all wishes."""
    kind, _, name = intent.subject.partition(":")
    drafts = [draft for draft in bench.drafts.values() if _concerns(draft, intent, bench)]
    if kind == "descriptor":
        descriptor = bench.context.lexicon.descriptor(name)
        if descriptor is not None:
            _forbid(bench, intent, descriptor, drafts)
    elif kind == "effect":
        _without(bench, intent, name, drafts)
    elif kind == "without":
        for draft in drafts:
            if draft.effect == name:
                bench.drop(draft)
    elif kind == "dynamics":
        _keep_dynamics(bench, intent, drafts)
    elif kind == "area":
        _keep_area(bench, intent, name, drafts)
    elif kind == "place":
        _keep_place(bench, intent)
    elif kind == "level":
        _keep_level(bench, intent, drafts)


def _concerns(draft: Draft, intent: Intent, bench: Bench) -> bool:
    return draft.where == intent.where or intent.where == bench.context.main


def _forbid(bench: Bench, intent: Intent, descriptor: Descriptor, drafts: list[Draft]) -> None:
    """Bounds the wishes where the descriptor has its place, and leaves at least half of them everywhere else."""
    sign = 1 if intent.amount >= 0 else -1
    place = _place(descriptor, sign)
    drafts = [draft for draft in drafts if draft.effect == "equalizer"]
    pushed = {id(move): _pushed(drafts, move, sign) for move in place}
    held = [_hold(draft, move, sign) for draft in drafts for move in place]
    found = scale(descriptor, sign, bench.context.analysis(intent.where))
    if not (any(held) or any(pushed.values()) or found.already):
        return
    if any(_asked_for(draft, descriptor, sign) for draft in drafts):
        return  # "sheen, not too bright": half of what was asked for, never its opposite
    draft = bench.draft("equalizer", intent)
    for move in place:
        own = abs(move.parameters["gain_db"]) * _GUARD_DB if _is_bell(move) or not any(held) else 0.0
        against = max(own if any(held) or found.already else 0.0, pushed[id(move)])
        if against:
            numbers = {**move.parameters, "gain_db": round(-_way(move, sign) * against, 2)}
            add_band(draft, {"kind": move.kind or "bell", **numbers})
    note = f", measured {found.note}" if found.note else ""
    draft.because(f"held back for {quoted(intent)}{note}", found.evidence)


def _place(descriptor: Descriptor, sign: int) -> list[Move]:
    """Where a property lies: its bells where one of them is its main move, as a shelf reaches far beyond what is
    complained of; of what is to be kept, the main move."""
    moves = [move for move in descriptor.more if move.effect == "equalizer" and "gain_db" in move.parameters]
    main = max(moves, key=lambda move: abs(move.parameters["gain_db"]), default=None)
    if main is None or sign < 0:
        return [main] if main else []
    return [move for move in moves if _is_bell(move)] if _is_bell(main) else moves


def _is_bell(move: Move) -> bool:
    return move.kind in (None, "bell")


def _way(move: Move, sign: int) -> float:
    return math.copysign(1.0, sign * move.parameters["gain_db"])


def _asked_for(draft: Draft, descriptor: Descriptor, sign: int) -> bool:
    wanted = f"descriptor {descriptor.name} {'+' if sign > 0 else '-'}"
    return any(source.startswith(wanted) for source in draft.intents)


def _hold(draft: Draft, move: Move, sign: int) -> bool:
    """Halves the judged bands that push the same way within an octave; a shelf only where the property is one too."""
    held = False
    for index, band in enumerate(draft.bands):
        if f"bands.{index}.gain_db" in draft.said or (_is_bell(move) and "shelf" in str(band["kind"])):
            continue
        gain = float(band.get("gain_db", 0.0))
        if gain * _way(move, sign) > 0 and _near(band, float(move.parameters["frequency_hz"])):
            band["gain_db"] = round(gain * _LEFT_OF_A_BAND, 2)
            held = True
    return held


def _pushed(drafts: list[Draft], move: Move, sign: int) -> float:
    """Decibels that judged shelves add right where the property has its bell; 0 where it has none."""
    total = 0.0
    for draft in drafts if _is_bell(move) else ():
        for index, band in enumerate(draft.bands):
            if "shelf" in str(band["kind"]) and f"bands.{index}.gain_db" not in draft.said:
                total += _shelf_db(band, float(move.parameters["frequency_hz"]))
    return max(0.0, round(total * _way(move, sign), 2)) if abs(total) >= _HEARD_DB else 0.0


_HEARD_DB = 0.2


def _shelf_db(band: dict[str, Any], frequency_hz: float) -> float:
    """What a shelf of the second order does there, near enough: half of its decibels at its corner."""
    ratio = float(band["frequency_hz"]) / frequency_hz
    ratio = ratio if band["kind"] == "high_shelf" else 1 / ratio
    return float(band.get("gain_db", 0.0)) / (1 + ratio * ratio)


def _near(band: dict[str, Any], frequency_hz: float) -> bool:
    return octaves_apart(float(band["frequency_hz"]), frequency_hz) <= _REACH_OCTAVES


def _without(bench: Bench, intent: Intent, effect: str, drafts: list[Draft]) -> None:
    for draft in drafts:
        if draft.effect == effect and not draft.said:
            bench.drop(draft)
            bench.warnings.append(f"{effect.replace('_', ' ')} left out: {quoted(intent)}.")
        elif effect == "limiter" and draft.effect == "loudness":
            draft.put({"max_limiting_db": 0.0}, said=True)
            draft.because(f"no limiting, for {quoted(intent)}")


def _keep_dynamics(bench: Bench, intent: Intent, drafts: list[Draft]) -> None:
    asked = [draft for draft in drafts if draft.effect == "compressor" and _by_name(draft)]
    for draft in asked:
        draft.put({"attack_ms": _SLOW_ATTACK_MS, "makeup_db": 0.0}, said=False)
        draft.because(f"a slow attack lets the onsets through for {quoted(intent)}")
    _without(bench, intent, "compressor", [draft for draft in drafts if draft not in asked])
    for draft in drafts:
        if draft.effect == "loudness":
            draft.put({"max_limiting_db": _GENTLE_LIMITING_DB}, said=True)
            draft.because(f"at most {_GENTLE_LIMITING_DB:g} dB of limiting for {quoted(intent)}")


def _by_name(draft: Draft) -> bool:
    """Whether the user asked for this effect itself, not for a colour that brings it along."""
    return any(source.startswith(f"effect {draft.effect}") for source in draft.intents)


def _keep_area(bench: Bench, intent: Intent, name: str, drafts: list[Draft]) -> None:
    area = bench.context.lexicon.area(name)
    if area is None:
        return
    for draft in drafts:
        if draft.effect != "equalizer":
            continue
        for index, band in enumerate(draft.bands):
            gain = float(band.get("gain_db", 0.0))
            forbidden = gain > 0 if intent.amount > 0 else gain != 0
            if forbidden and f"bands.{index}.gain_db" not in draft.said and _near(band, area.frequency_hz):
                band["gain_db"] = 0.0
                bench.warnings.append(
                    f"The band at {float(band['frequency_hz']):g} Hz is left flat: {quoted(intent)}."
                )


def _keep_place(bench: Bench, intent: Intent) -> None:
    """ "Don't touch the vocal": nothing works on that stem; what works on the mix does, and is told."""
    for draft in list(bench.drafts.values()):
        if draft.where == intent.where:
            bench.drop(draft)
            bench.warnings.append(
                f"{draft.effect.replace('_', ' ')} left out at {draft.where}: {quoted(intent)}."
            )


def _keep_level(bench: Bench, intent: Intent, drafts: list[Draft]) -> None:
    for draft in drafts:
        if draft.effect in ("gain", "loudness") and not draft.said:
            bench.drop(draft)
            bench.warnings.append(f"The level is left alone: {quoted(intent)}.")
