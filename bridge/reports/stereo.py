"""Correlation of left and right over time, and correlation and width in three ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bridge.analysis.metrics.stereo_bands import WIDEST_DB
from bridge.analysis.reading import Analysis
from bridge.reports.lettering import signed
from bridge.reports.panel import COARSE, Subject, heading, key, row, sentence, time_axis, why_not
from bridge.reports.sheet import SMALL_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TICKS = {-1.0: "−1", 0.0: "0", 1.0: "+1"}
_RANGES = (("low", "below 120 Hz"), ("mid", "120 Hz to 2 kHz"), ("high", "above 2 kHz"))


def sides(analysis: Analysis) -> bool:
    """Whether there is a left and a right to be held against each other."""
    values = row(analysis.curves.get("correlation", {}).get("correlation"))
    return bool(np.isfinite(values).any())


def draw_over_time(axes: Axes, subject: Subject, labels: bool) -> None:
    theme = subject.theme
    heading(axes, theme, "Correlation", "+1 the same on both sides, below 0 lost in mono")
    time_axis(axes, subject, labels)
    if not sides(subject.analysis):
        sentence(axes, theme, _no_sides(subject.analysis))
        return
    axes.axhspan(-1.0, 0.0, color=theme.danger, alpha=0.12, linewidth=0)
    handles = []
    if subject.before is not None and sides(subject.before):
        handles += _over_time(axes, subject.before, theme.before, "before", 1.0)
    handles += _over_time(axes, subject.analysis, theme.line, "after", 1.4)
    axes.set_ylim(-1.05, 1.05)
    axes.set_yticks(list(_TICKS), list(_TICKS.values()))
    if subject.before is not None:
        key(axes, theme, handles)


def _over_time(axes: Axes, analysis: Analysis, colour: str, label: str, width: float) -> list[object]:
    curve = analysis.curves["correlation"]
    values = row(curve["correlation"])
    at = np.minimum(np.arange(values.size + 1) * curve["step_s"], analysis.seconds)
    style = "steps-post" if values.size < COARSE else "default"
    closed = np.append(values, values[-1:])
    return list(axes.plot(at, closed, color=colour, linewidth=width, label=label, drawstyle=style))


def _no_sides(analysis: Analysis) -> str:
    if analysis.channels == 1:
        return "Mono: no correlation."
    return f"No correlation: {why_not(analysis, 'correlation')}."


def by_range(analysis: Analysis) -> bool:
    """Whether any range of frequencies has a left and a right."""
    return any(analysis.number(f"correlation_{band}") is not None for band, _ in _RANGES)


def draw_per_band(axes: Axes, subject: Subject) -> None:
    """A dot for the correlation of each range, the width beside it in words."""
    theme = subject.theme
    heading(axes, theme, "Stereo", "correlation and width by range")
    axes.axvspan(-1.12, 0.0, color=theme.danger, alpha=0.12, linewidth=0)
    for lane, (band, words) in enumerate(_RANGES):
        _lane(axes, subject, lane, band, words)
    axes.set_xlim(-1.12, 1.12)
    axes.set_xticks(list(_TICKS), list(_TICKS.values()))
    axes.set_ylim(len(_RANGES) - 0.4, -0.6)
    axes.set_yticks([])


def _width(db: float) -> str:
    """In words where the metric is held at its end: the figure would be the end's and not the sound's."""
    if abs(db) < WIDEST_DB:
        return f"width {signed(db)} dB"
    return "mono" if db < 0 else "nothing in the middle"


def _lane(axes: Axes, subject: Subject, lane: int, band: str, words: str) -> None:
    theme, analysis = subject.theme, subject.analysis
    before = subject.before.number(f"correlation_{band}") if subject.before else None
    value, width = analysis.number(f"correlation_{band}"), analysis.number(f"width_{band}")
    told = _width(width) if width is not None else why_not(analysis, f"correlation_{band}")
    axes.plot([-1.0, 1.0], [lane, lane], color=theme.grid, linewidth=5, solid_capstyle="butt", zorder=1)
    if before is not None:
        axes.plot([before], [lane], "o", color=theme.before, markersize=7, markeredgewidth=0)
    if value is not None:
        axes.plot([value], [lane], "o", color=theme.line, markersize=9, markeredgewidth=0)
    axes.annotate(
        words, (-1.0, lane), (0, 7), "data", "offset points", fontsize=SMALL_PT, color=theme.ink, va="bottom"
    )
    axes.annotate(
        told, (1.0, lane), (0, 7), "data", "offset points", fontsize=SMALL_PT, color=theme.muted, va="bottom",
        ha="right",
    )  # fmt: skip
