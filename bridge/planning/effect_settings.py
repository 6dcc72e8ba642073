"""An effect asked for by name and degree -> its settings: its own judgement, or its defaults where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bridge.analysis.reading import Analysis
from bridge.effects import BY_NAME


@dataclass(frozen=True)
class Settings:
    """judged: whether the effect's own judgement spoke; else the sound hardly needs it, or was not measured."""

    parameters: dict[str, Any]
    judged: bool


def settings(effect: str, analysis: Analysis | None, amount: float) -> Settings:
    """Settings at `amount` (0..2, 1 plain)."""
    kind = BY_NAME[effect]
    found = kind.auto(analysis, amount) if analysis is not None else None
    if found is not None:
        return Settings(found.parameters(), True)
    return Settings(_asked(effect, kind().parameters(), amount, analysis), False)


def _asked(effect: str, defaults: dict[str, Any], amount: float, analysis: Analysis | None) -> dict[str, Any]:
    """The defaults scaled by the degree, for an effect that was asked for although nothing calls for it."""
    if "mix" in defaults:
        defaults["mix"] = round(defaults["mix"] * amount, 3)
    if "width" in defaults:
        defaults["width"] = round(1 + 0.3 * amount, 2)
    if "drive_db" in defaults:
        defaults["drive_db"] = round(defaults["drive_db"] * amount, 2)
    if effect == "compressor":
        defaults |= {
            "ratio": round(1 + amount, 2),
            "threshold_db": _threshold(defaults["threshold_db"], analysis),
        }
    return defaults


def _threshold(default: float, analysis: Analysis | None) -> float:
    """Between the mean level and the peaks, so that some of the music is over it."""
    rms = analysis.number("rms") if analysis else None
    crest = analysis.number("crest_factor") if analysis else None
    if rms is None or crest is None:
        return default
    return round(max(-60.0, min(0.0, rms + 0.4 * crest)), 1)
