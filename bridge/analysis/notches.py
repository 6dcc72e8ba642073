"""Narrow bells that take mains hum out and leave the notes beside it."""

from __future__ import annotations

from typing import Any

from bridge.analysis.reading import Analysis

_QS = (48.0, 50.0)
"""Two bells on each line, 36 dB together: an A at 110 Hz beside a line at 100 Hz keeps its level to a dB."""

_DEEP_DB = 18.0
_ASSUMED = 6
_NEAR = 0.02


def hum_notches(analysis: Analysis | None, mains_hz: float) -> list[dict[str, Any]]:
    """Bells at the harmonics of `mains_hz` that were heard to stand out, exactly where they stand; at the first six
    where none were heard."""
    heard = analysis.curves.get("hum", ()) if analysis is not None else ()
    lines = [one["frequency_hz"] for one in heard if _is_harmonic(one["frequency_hz"], mains_hz)]
    places = lines or [mains_hz * order for order in range(1, _ASSUMED + 1)]
    return [
        {"kind": "bell", "frequency_hz": round(hz, 2), "gain_db": -_DEEP_DB, "q": q}
        for hz in places
        for q in _QS
    ]


def _is_harmonic(hz: float, mains_hz: float) -> bool:
    order = round(hz / mains_hz)
    return order >= 1 and abs(hz / mains_hz - order) < _NEAR
