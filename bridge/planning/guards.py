"""Constraints: "but not muddy", "keep the dynamics", "don't touch the bass". They bind judgements, not said numbers."""

from __future__ import annotations

import math
from typing import Any

from bridge.planning.bench import Bench
from bridge.planning.draft import Draft, quoted
from bridge.planning.intent import Intent
from bridge.planning.lexicon import Descriptor
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
    sign = 1 if intent.amount >= 0 else -1
    towards = [
        (
            float(move.parameters["frequency_hz"]),
            math.copysign(1.0, sign * move.parameters.get("gain_db", 0.0)),
        )
        for move in descriptor.more
        if move.effect == "equalizer" and "gain_db" in move.parameters
    ]
    held = [_hold(draft, towards) for draft in drafts if draft.effect == "equalizer"]
    found = scale(descriptor, sign, bench.context.analysis(intent.where))
    if not (any(held) or found.already):
        return
    if any(_asked_for(draft, descriptor, sign) for draft in drafts):
        return  # "sheen, not too bright": half of what was asked for, never its opposite
    draft = bench.draft("equalizer", intent)
    for move in descriptor.more:
        if move.effect == "equalizer" and "gain_db" in move.parameters:
            numbers = dict(move.parameters)
            numbers["gain_db"] = round(-sign * numbers["gain_db"] * _GUARD_DB, 2)
            add_band(draft, {"kind": move.kind or "bell", **numbers})
    note = f", measured {found.note}" if found.note else ""
    draft.because(f"held back for {quoted(intent)}{note}", found.evidence)


def _asked_for(draft: Draft, descriptor: Descriptor, sign: int) -> bool:
    wanted = f"descriptor {descriptor.name} {'+' if sign > 0 else '-'}"
    return any(source.startswith(wanted) for source in draft.intents)


def _hold(draft: Draft, towards: list[tuple[float, float]]) -> bool:
    """Halves the judged bands that push the same way within an octave."""
    held = False
    for index, band in enumerate(draft.bands):
        if f"bands.{index}.gain_db" in draft.said:
            continue
        gain = float(band.get("gain_db", 0.0))
        if any(gain * way > 0 and _near(band, at) for at, way in towards):
            band["gain_db"] = round(gain * _LEFT_OF_A_BAND, 2)
            held = True
    return held


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
