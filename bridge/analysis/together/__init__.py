"""Stems together: which hides which, in which band and when; and which two are microphones of one source."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.analysis.together.alignment import Alignment
    from bridge.analysis.together.findings import PairFinding
    from bridge.analysis.together.masking import Masking
    from bridge.analysis.together.together import Pair, Together, analyze_together

_HOMES = {
    "Alignment": "bridge.analysis.together.alignment",
    "Masking": "bridge.analysis.together.masking",
    "Pair": "bridge.analysis.together.together",
    "PairFinding": "bridge.analysis.together.findings",
    "Together": "bridge.analysis.together.together",
    "analyze_together": "bridge.analysis.together.together",
}

__all__ = ["Alignment", "Masking", "Pair", "PairFinding", "Together", "analyze_together"]


def __getattr__(name: str) -> object:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'bridge.analysis.together' has no attribute {name!r}")
    return getattr(import_module(home), name)
