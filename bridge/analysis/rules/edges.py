"""Beginnings and ends that were cut off."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Severity
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target


def _severity(analysis: Analysis) -> tuple[Severity, str]:
    """Hard at both ends is how a loop or an excerpt is meant; at one end only, something is missing."""
    if analysis.places("hard_start") and analysis.places("hard_end"):
        return "note", " That is right for a loop."
    return "warning", ""


def cut_start(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    places, level = analysis.places("hard_start"), analysis.number("start_level")
    if not places or level is None:
        return
    loop = "That is right for a loop. " if analysis.places("hard_end") else ""
    yield Finding(
        "cut_start",
        "start_level",
        level,
        "a first sample 40 dB or more below the peak",
        "note",
        f"It begins at once, {-level:.0f} dB below the peak, without a rise from silence: a lead-in may be missing. "
        f"{loop}"
        "If it clicks, export from a little earlier, or fade it in over a few milliseconds in your DAW.",
        None,
        places[0],
    )


def cut_end(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    places, level = analysis.places("hard_end"), analysis.number("end_level")
    if not places or level is None:
        return
    severity, also = _severity(analysis)
    yield Finding(
        "cut_end",
        "end_level",
        level,
        "below -40 dB",
        severity,
        f"It ends while it still sounds ({-level:.0f} dB below the peak): a tail is cut off.{also} "
        "Export with a longer tail, or fade it out in your DAW.",
        None,
        places[0],
    )
