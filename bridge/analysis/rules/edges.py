"""Beginnings and ends that were cut off."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy, Severity
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target


def _severity(analysis: Analysis) -> tuple[Severity, str]:
    """Hard at both ends is how a loop or an excerpt is meant; at one end only, something is missing."""
    if analysis.places("hard_start") and analysis.places("hard_end"):
        return "note", " That is right for a loop."
    return "warning", ""


_LONG_S = 5.0
"""From where on half a second is a small part of the sound."""


def _faded_out(analysis: Analysis) -> Remedy:
    return Remedy("fade out over 0.5 s") if analysis.seconds >= _LONG_S else Remedy("fade out over 50 ms")


def cut_start(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    places, level = analysis.places("hard_start"), analysis.number("start_level")
    if not places or level is None:
        return
    loop = bool(analysis.places("hard_end"))
    yield Finding(
        "cut_start",
        "start_level",
        level,
        "a first sample 40 dB or more below the peak",
        "note",
        f"It begins at once, {-level:.0f} dB below the peak, without a rise from silence: a lead-in may be missing. "
        f"{'That is right for a loop. ' if loop else ''}"
        "If it clicks, export from a little earlier, or fade it in over a few milliseconds.",
        None if loop else Remedy("fade in over 10 ms"),
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
        "Export with a longer tail, or fade it out.",
        None if also else _faded_out(analysis),
        places[0],
    )
