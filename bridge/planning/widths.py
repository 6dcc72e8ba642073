"""Wishes for the width of a part of the spectrum -> the bands of a stereo width step."""

from __future__ import annotations

from typing import Any

from bridge.planning.bench import Bench
from bridge.planning.draft import evidence, measured, quoted
from bridge.planning.intent import Intent

MOST_BANDS = 4


def width_in_a_band(bench: Bench, intent: Intent) -> bool:
    """Puts the band of the intent into its draft; False where the intent names none."""
    if intent.subject != "stereo_width" or "from_hz" not in intent.given:
        return False
    low_hz, high_hz, width = (float(intent.given[name]) for name in ("from_hz", "to_hz", "width"))
    draft = bench.draft("stereo_width", intent)
    bands: list[dict[str, Any]] = [dict(band) for band in draft.parameters.get("bands", ())]
    made = [band for band in bands if not low_hz <= band["above_hz"] < (high_hz or float("inf"))]
    made.append({"above_hz": low_hz, "width": width})
    if high_hz and not any(band["above_hz"] == high_hz for band in made):
        made.append({"above_hz": high_hz, "width": _at(bands, draft.parameters, high_hz)})
    made.sort(key=lambda band: float(band["above_hz"]))
    if len(made) > MOST_BANDS:
        bench.warnings.append(f"{quoted(intent)}: width has {MOST_BANDS} bands; this one was left out.")
        return True
    draft.put({"bands": made}, said=False)
    analysis = bench.context.analysis(intent.where)
    found = measured(analysis, "side_to_mid")
    draft.because(
        f"{quoted(intent)}; measured {found}" if found else quoted(intent), evidence(analysis, "side_to_mid")
    )
    return True


def _at(bands: list[dict[str, Any]], parameters: dict[str, Any], hz: float) -> float:
    """The width that held there before."""
    below = [band for band in bands if band["above_hz"] <= hz]
    if below:
        return float(max(below, key=lambda band: float(band["above_hz"]))["width"])
    return float(parameters.get("width", 1.0))
