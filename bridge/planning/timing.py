"""Wishes about time and pitch -> drafts: what the words leave open comes from the measurement."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from bridge.effects import BY_NAME
from bridge.effects.fade import usual_s
from bridge.effects.time_stretch import TimeStretch
from bridge.planning.bench import Bench
from bridge.planning.draft import evidence, measured, quoted
from bridge.planning.intent import Intent

_CONCERT_A_HZ = 440.0
_SURE = 0.5
"""Confidence from which a measured tuning is taken for that of the piece."""

_TUNED_CENTS = 50.0


def timing(bench: Bench, intent: Intent) -> bool:
    """Lays a trim, fade, time stretch or pitch shift on the bench; False for every other wish."""
    settle = _SETTLED.get(intent.subject)
    if settle is None:
        return False
    if intent.span is not None and BY_NAME[intent.subject].retimes:
        bench.impossible.append(
            f"{quoted(intent)}: it changes how long the sound is, so it works on all of it and not in one stretch."
        )
        return True
    given = settle(bench, intent, dict(intent.given))
    if given is not None:
        draft = bench.draft(intent.subject, intent)
        draft.put(given, said=True)
        draft.because(quoted(intent))
    return True


def _stretched(bench: Bench, intent: Intent, given: dict[str, Any]) -> dict[str, Any] | None:
    analysis = bench.context.analysis(intent.where)
    if not given:
        found = TimeStretch.auto(analysis) if analysis is not None else None
        if found is None:
            bench.satisfied.append(f"{quoted(intent)}: the tempo is a whole number, or none was measured.")
            return None
        return _by_tempo(bench, intent, found)
    way = float(given.pop("way", 0.0))
    if "to_bpm" not in given or "from_bpm" in given:
        return given
    found = TimeStretch.to_tempo(analysis, float(given["to_bpm"]), way) if analysis is not None else None
    if found is not None:
        return _by_tempo(bench, intent, found)
    heard = analysis.number("tempo") if analysis is not None else None
    if heard is not None:
        bench.satisfied.append(f"{quoted(intent)}: {_as_it_is(heard, float(given['to_bpm']))}")
    elif analysis is None or "tempo" not in analysis:
        bench.warnings.append(f"{quoted(intent)}: from which tempo? It was not measured.")
        return given
    else:
        bench.impossible.append(
            f"{quoted(intent)}: no tempo was found in it; say it too (from 120 to 90 BPM), or a part (10 % slower)."
        )
    return None


def _as_it_is(heard_bpm: float, asked_bpm: float) -> str:
    """Why a tempo needs no change, in numbers, and what to say for the one that is half or twice as fast."""
    said = f"it measures {heard_bpm:.4g} BPM"
    if abs(asked_bpm / heard_bpm - 1) < 0.25:
        return f"{said} already."
    felt, speed = ("half", "half speed") if asked_bpm < heard_bpm else ("twice", "double speed")
    return f'{said}, and {asked_bpm:g} BPM is {felt} of that, felt in the same music; say "{speed}" to change it.'


def _by_tempo(bench: Bench, intent: Intent, found: TimeStretch) -> dict[str, Any]:
    analysis = bench.context.analysis(intent.where)
    draft = bench.draft(intent.subject, intent)
    draft.because(f"measured {measured(analysis, 'tempo')}", evidence(analysis, "tempo"))
    return {"from_bpm": found.from_bpm, "to_bpm": found.to_bpm}


def _shifted(bench: Bench, intent: Intent, given: dict[str, Any]) -> dict[str, Any] | None:
    to_hz = given.pop("to_hz", None)
    if to_hz is None:
        return given
    from_hz = given.pop("from_hz", None) or _tuned_hz(bench, intent)
    cents = 1200 * math.log2(float(to_hz) / float(from_hz))
    whole = float(int(cents / 100))
    bench.draft(intent.subject, intent).because(f"the A from {float(from_hz):.1f} to {float(to_hz):g} Hz")
    return given | {"semitones": whole, "cents": round(cents - 100 * whole, 3)}


def _tuned_hz(bench: Bench, intent: Intent) -> float:
    """Where its A lies: as measured where that is clear, else 440 Hz."""
    analysis = bench.context.analysis(intent.where)
    cents = analysis.number("tuning") if analysis is not None else None
    sure = analysis.number("key_confidence") if analysis is not None else None
    if cents is None or sure is None or sure < _SURE or abs(cents) > _TUNED_CENTS:
        return _CONCERT_A_HZ
    return _CONCERT_A_HZ * 2 ** (cents / 1200)


def _faded(bench: Bench, intent: Intent, given: dict[str, Any]) -> dict[str, Any] | None:
    """A length that was not said is that of the other fade, else the usual one."""
    given = given or {"out_s": -1.0}
    said = [given[name] for name in ("in_s", "out_s") if given.get(name, -1.0) > 0]
    usual = said[0] if said else usual_s(bench.context.analysis(intent.where))
    return {name: usual if value == -1.0 else value for name, value in given.items()}


def _trimmed(bench: Bench, intent: Intent, given: dict[str, Any]) -> dict[str, Any] | None:
    return given or {"silence": 1.0}


_SETTLED: dict[str, Callable[[Bench, Intent, dict[str, Any]], dict[str, Any] | None]] = {
    "time_stretch": _stretched,
    "pitch_shift": _shifted,
    "fade": _faded,
    "trim": _trimmed,
}
