"""Targets: what platforms and genres expect, from presets/targets."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bridge.analysis.target import Target
from bridge.presets.data import tables


@lru_cache(maxsize=8)
def load_targets(folder: Path | None = None) -> dict[str, Target]:
    """All targets by name. Raises BadInput naming the file and what is wrong with it."""
    return {name: Target.from_dict(name, data) for name, data in tables("targets", folder).items()}
