"""Wishes for one part of a stereo sound: which of them can be met."""

from __future__ import annotations

from bridge.planning.bench import Bench
from bridge.planning.draft import quoted
from bridge.planning.intent import Intent


def has_its_part(bench: Bench, intent: Intent) -> bool:
    """Whether the sound has the part that is meant, and the wish can be met for it alone."""
    if intent.part == "all":
        return True
    analysis = bench.context.analysis(intent.where)
    level = intent.operation in ("staging", "target", "chain") or "peak_dbtp" in intent.given
    if analysis is not None and analysis.channels != 2:
        one = "is mono" if analysis.channels == 1 else f"has {analysis.channels} channels"
        bench.impossible.append(f"{quoted(intent)}: the sound {one}, it has no {intent.part} of its own.")
    elif level or intent.subject in ("loudness", "limiter"):
        bench.impossible.append(
            f"{quoted(intent)}: that is said of all of the sound, not of the {intent.part}."
        )
    else:
        return True
    return False
