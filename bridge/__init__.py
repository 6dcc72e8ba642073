"""dawbridge as a library: read, analyze, compare, plan, render, write.

Everything is loaded when first used; `import bridge` alone costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.analysis.album import Album, compare_all
    from bridge.analysis.comparison import Comparison, compare
    from bridge.analysis.reading import Analysis, Reading
    from bridge.analysis.together import Together
    from bridge.audio import Audio
    from bridge.bootstrap.library import (
        analyze,
        analyze_together,
        auto,
        plan,
        read,
        render,
        render_refined,
        write,
    )
    from bridge.errors import BridgeError
    from bridge.planning.plan import Outcome, Plan, Step
    from bridge.rendering.results import Render
    from bridge.session import Session, Turn

__version__ = "0.1.0"

_HOMES = {
    "Album": "bridge.analysis.album",
    "Analysis": "bridge.analysis.reading",
    "Reading": "bridge.analysis.reading",
    "Audio": "bridge.audio",
    "BridgeError": "bridge.errors",
    "Comparison": "bridge.analysis.comparison",
    "Outcome": "bridge.planning.plan",
    "Plan": "bridge.planning.plan",
    "Step": "bridge.planning.plan",
    "Render": "bridge.rendering.results",
    "Session": "bridge.session",
    "Together": "bridge.analysis.together",
    "Turn": "bridge.session",
    "analyze": "bridge.bootstrap.library",
    "analyze_together": "bridge.bootstrap.library",
    "auto": "bridge.bootstrap.library",
    "compare": "bridge.analysis.comparison",
    "compare_all": "bridge.analysis.album",
    "plan": "bridge.bootstrap.library",
    "read": "bridge.bootstrap.library",
    "render": "bridge.bootstrap.library",
    "render_refined": "bridge.bootstrap.library",
    "write": "bridge.bootstrap.library",
}

__all__ = [
    "Album",
    "Analysis",
    "Audio",
    "BridgeError",
    "Comparison",
    "Outcome",
    "Plan",
    "Reading",
    "Render",
    "Session",
    "Step",
    "Together",
    "Turn",
    "analyze",
    "analyze_together",
    "auto",
    "compare",
    "compare_all",
    "plan",
    "read",
    "render",
    "render_refined",
    "write",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'bridge' has no attribute {name!r}")
    return getattr(import_module(home), name)
