"""Moment: what the last seconds of a running sound would be told if they were a file."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.analysis.finding import Finding
from bridge.analysis.target import Target
from bridge.audio import Audio

OF_WHOLE_SOUNDS = frozenset({"cut_start", "cut_end", "brick_wall", "few_bits"})
"""Codes of findings about a file's edges and origin; seconds taken out of a stream begin and end anywhere."""


@dataclass(frozen=True)
class Moment:
    """findings of one stretch, the worst first. seconds: how much was heard for them."""

    findings: tuple[Finding, ...]
    seconds: float


def moment(audio: Audio, target: Target | None = None) -> Moment:
    """The same rules as for files, less those that need a whole one."""
    from bridge.analysis import SLOW_METRICS, analyze, findings

    found = findings(analyze(audio, without=SLOW_METRICS), target)
    return Moment(tuple(one for one in found if one.code not in OF_WHOLE_SOUNDS), audio.seconds)
