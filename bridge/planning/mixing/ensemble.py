"""Ensemble: what planning may ask of several stems besides what each of them measures; every answer takes its time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from bridge.analysis.reading import Analysis

if TYPE_CHECKING:
    from bridge.analysis.together import Together
    from bridge.planning.mixing.likeness import Likeness


class Ensemble(Protocol):
    def together(self) -> Together:
        """The stems side by side."""

    def bus(self, stems: tuple[str, ...]) -> Analysis:
        """The sum of some of them."""

    def mixed(self, gains_db: Mapping[str, float]) -> Analysis:
        """The sum of all of them with these gains; 0 dB where none is named. Its levels are measured, no more."""

    def likeness(self) -> Likeness | None:
        """Which gains make their sum most like the reference; None without one that can be a mix of them."""
