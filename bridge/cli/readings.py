"""Readings as people read them: one sound, or two side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.analysis.doubt import CONFIDENCE_OF, is_guess
from bridge.cli.terminal import table

ReadingsJson = Mapping[str, Mapping[str, Any]]
"""Reading name -> {"value", "unit", "reason"?}, the shape of `result.json` and `analyze --json`."""

LOOKED_AT = (
    "integrated_loudness", "short_term_max", "momentary_max", "loudness_range", "true_peak", "plr", "rms",
    "crest_factor", "correlation", "side_to_mid", "spectral_tilt", "tempo", "key",
)  # fmt: skip
"""What people look at first, in this order; the rest is a flag away."""

BEFORE_AFTER = ("integrated_loudness", "true_peak", "rms", "crest_factor", "loudness_range", "side_to_mid")
SPECTRUM = "band_"
STRICT = "true_peak_strict"

_LABELS = {"plr": "PLR", "psr": "PSR", "rms": "RMS", "side_to_mid": "width (side to mid)"}
_IN_FULL = {"true_peak": "true peak (4x, ITU)", STRICT: "true peak, strict (16x, judged)"}
"""Where both peaks are shown, people must see which is which."""


def label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " "))


def figure(reading: Mapping[str, Any] | None, with_unit: bool = True) -> str:
    """ "-14.0 LUFS", or why there is none."""
    if reading is None:
        return "-"
    value = reading["value"]
    if value is None:
        return f"({reading.get('reason', 'not measured')})"
    text = value if isinstance(value, str) else _rounded(value, reading["unit"])
    return f"{text} {reading['unit']}".strip() if with_unit else text


def told(readings: ReadingsJson, name: str, with_unit: bool = True) -> str:
    """The figure, or a question where it is a guess; the true peak is the strict one where that is higher."""
    reading = readings.get(name)
    if reading is None or reading["value"] is None or not doubted(readings, name):
        return figure(judged(readings, name), with_unit)
    value = reading["value"]
    guess = value if isinstance(value, str) else f"{value:.0f}"
    return f"not sure ({guess} {reading['unit']}".rstrip() + "?)" if with_unit else f"{guess}?"


def doubted(readings: ReadingsJson, name: str) -> bool:
    confidence = readings.get(CONFIDENCE_OF.get(name, ""), {}).get("value")
    return is_guess(name, confidence)


def judged(readings: ReadingsJson, name: str) -> Mapping[str, Any] | None:
    """The reading that people are told: of the two true peaks the higher."""
    reading, strict = readings.get(name), readings.get(STRICT)
    if name != "true_peak" or reading is None or strict is None:
        return reading
    both = [one for one in (reading, strict) if one["value"] is not None]
    return max(both, key=lambda one: float(one["value"]), default=reading)


def _as_measured(readings: ReadingsJson, name: str) -> Mapping[str, Any] | None:
    return readings.get(name)


def first_rows(readings: ReadingsJson, peaks: Mapping[str, float]) -> list[tuple[str, str, str]]:
    """(label, figure, "at 1:23") of what people look at first; what was not measured is left out.

    peaks: when the maxima stand, in seconds.
    """
    return [(label(n), told(readings, n), _at(peaks.get(f"{n}_s"))) for n in LOOKED_AT if n in readings]


def _at(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"at {minutes:.0f}:{rest:04.1f}"


def all_rows(readings: ReadingsJson) -> list[tuple[str, str]]:
    """Every reading as it was measured, guesses as questions."""
    shown = {n: told(readings, n) if doubted(readings, n) else figure(item) for n, item in readings.items()}
    return [(_IN_FULL.get(n, label(n)), text) for n, text in shown.items()]


def _rounded(value: float, unit: str) -> str:
    if abs(value) >= 1000:
        return f"{value:.0f}"
    # A tenth of a dB is what can be heard; a correlation or an offset is small by nature. A plan's evidence keeps
    # hundredths and tells tenths of them: the table must not say -15.5 of what the reason says -15.6 of.
    kept = round(value, 2)
    text = f"{kept:.2f}" if unit in ("", "%") else f"{kept:.1f}"
    return text if float(text) else text.lstrip("-")


def before_after(before: ReadingsJson, after: ReadingsJson) -> None:
    """Loudness, peak, dynamics, width and the spectrum in bands, with what changed."""
    names = [
        n
        for n in (*BEFORE_AFTER, *(n for n in before if n.startswith(SPECTRUM)))
        if n in before and n in after
    ]
    one = judged if STRICT in before and STRICT in after else _as_measured
    pairs = ((n, one(before, n), one(after, n)) for n in names)
    rows = [(label(n), figure(was), figure(now), change(was, now)) for n, was, now in pairs]
    table(("", "before", "after", "change"), rows, numbers=(1, 2, 3))


def change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """ "+3.0" from before to after, or "" where either has no number."""
    was, now = (None if one is None else one["value"] for one in (before, after))
    if not isinstance(was, (int, float)) or not isinstance(now, (int, float)):
        return ""
    difference = now - was
    return "=" if abs(difference) < 0.05 else f"{difference:+.1f}"
