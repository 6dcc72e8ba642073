"""What was found of one promise, or why nothing can be."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.analysis.reading import Analysis


@dataclass(frozen=True)
class Found:
    asked: float
    got: float
    after: Analysis | None = None
    tolerance: float | None = None


class Unproven(Exception):
    """Says why a wish cannot be measured on this sound."""
