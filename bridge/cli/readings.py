"""Readings as people read them: one sound, or two side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.cli.terminal import table

ReadingsJson = Mapping[str, Mapping[str, Any]]
"""Reading name -> {"value", "unit", "reason"?}, the shape of `result.json` and `analyze --json`."""

BEFORE_AFTER = ("integrated_loudness", "true_peak", "rms", "crest_factor", "loudness_range", "side_to_mid")
SPECTRUM = "band_"


def label(name: str) -> str:
    return name.replace("_", " ")


def figure(reading: Mapping[str, Any] | None, with_unit: bool = True) -> str:
    """ "-14.0 LUFS", or why there is none."""
    if reading is None:
        return "-"
    value = reading["value"]
    if value is None:
        return f"({reading.get('reason', 'not measured')})"
    text = value if isinstance(value, str) else _rounded(value, reading["unit"])
    return f"{text} {reading['unit']}".strip() if with_unit else text


def _rounded(value: float, unit: str) -> str:
    if abs(value) >= 1000:
        return f"{value:.0f}"
    # A tenth of a dB is what can be heard; a correlation or an offset is small by nature.
    text = f"{value:.2f}" if unit in ("", "%") else f"{value:.1f}"
    return text if float(text) else text.lstrip("-")


def before_after(before: ReadingsJson, after: ReadingsJson) -> None:
    """Loudness, peak, dynamics, width and the spectrum in bands, with what changed."""
    names = [
        n
        for n in (*BEFORE_AFTER, *(n for n in before if n.startswith(SPECTRUM)))
        if n in before and n in after
    ]
    rows = [(label(n), figure(before[n]), figure(after[n]), change(before[n], after[n])) for n in names]
    table(("", "before", "after", "change"), rows, numbers=(1, 2, 3))


def change(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """ "+3.0" from before to after, or "" where either has no number."""
    numbers = (before["value"], after["value"])
    if not all(isinstance(value, (int, float)) for value in numbers):
        return ""
    difference = numbers[1] - numbers[0]
    return "=" if abs(difference) < 0.05 else f"{difference:+.1f}"
