"""Narrow places that stand throughout: what each is, and the bell that flattens it.

In a mix a warning; in a single instrument, whose own body may ring so, a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bridge.analysis.finding import Finding, Remedy
from bridge.analysis.reading import Analysis
from bridge.analysis.rules.tone import like_a_mix
from bridge.analysis.target import Target

_DEEPEST_DB = 9.0
"""A cut that flattens a fault and is not heard as a hole where it was misread."""


def resonance(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """One finding each, so that each can be mended alone; at most eight."""
    resonances = analysis.curves.get("resonances", ())
    mix = bool(resonances) and like_a_mix(analysis)
    for found in resonances:
        yield _finding(found, mix)


def _finding(found: dict[str, Any], mix: bool) -> Finding:
    hz, q, level = found["frequency_hz"], found["q"], found["level_db"]
    cut = min(level * 0.8, _DEEPEST_DB)
    return Finding(
        "resonance",
        "resonance",
        level,
        "no bell that stands throughout",
        "warning" if mix else "note",
        f"A narrow resonance at {hz:.0f} Hz (Q about {q:.0f}) stands {level:.0f} dB over its surroundings throughout"
        + ("." if mix else ": the instrument's own, or one to cut."),
        Remedy(f"cut {hz:.0f} Hz by {cut:.1f} dB with Q {q:.0f}"),
    )
