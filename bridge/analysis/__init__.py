"""Analysis: what a sound measures, what that means, and what to do about it.

One `Analyzer` is pushed blocks, whether they come from a file, a stem or a live input. Passes (`passes/`) do the
work that metrics share; a metric (`metrics/`, one file each) reads its value from them. Imported lazily: this
package costs nothing until something is measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.analysis.analyzer import Analyzer, analyze, analyze_sound
    from bridge.analysis.finding import Finding, findings
    from bridge.analysis.reading import Analysis, Reading
    from bridge.analysis.target import Target
    from bridge.analysis.together import Together, analyze_together

_HOMES = {
    "Analysis": "bridge.analysis.reading",
    "Analyzer": "bridge.analysis.analyzer",
    "Finding": "bridge.analysis.finding",
    "Reading": "bridge.analysis.reading",
    "Target": "bridge.analysis.target",
    "Together": "bridge.analysis.together",
    "analyze": "bridge.analysis.analyzer",
    "analyze_sound": "bridge.analysis.analyzer",
    "analyze_together": "bridge.analysis.together",
    "findings": "bridge.analysis.finding",
}

SLOW_METRICS = ("tempo", "key")
"""For `without`: what costs so much that it is measured only where somebody wants it."""
FORM = "form"
"""Likewise of curves: the parts of a song. It goes with tempo and key, for it is told by beats and chords."""

__all__ = [
    "FORM",
    "SLOW_METRICS",
    "Analysis",
    "Analyzer",
    "Finding",
    "Reading",
    "Target",
    "Together",
    "analyze",
    "analyze_sound",
    "analyze_together",
    "findings",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'bridge.analysis' has no attribute {name!r}")
    return getattr(import_module(home), name)
