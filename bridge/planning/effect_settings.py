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
    return Settings(kind.asked(analysis, amount).parameters(), False)
