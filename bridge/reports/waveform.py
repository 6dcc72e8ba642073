"""The waveform with beats, its loudest part, and a line where a defect stands."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from bridge.analysis.reading import Analysis
from bridge.reports.lanes import lanes
from bridge.reports.panel import (
    COARSE,
    Row,
    Subject,
    heading,
    key,
    row,
    sections,
    sentence,
    time_axis,
    why_not,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MANY = 25
_MOST_LINES = 100
_MOST_BEATS = 150
_LOUDEST_OF_ALL = 0.75
"""A loudest part that takes more of the whole than this tells nothing."""


def draw(axes: Axes, subject: Subject, labels: bool) -> None:
    theme = subject.theme
    _panel(axes, subject, subject.analysis, "Waveform", (theme.wave, theme.body))
    time_axis(axes, subject, labels)
    sections(axes, subject)
    _music(axes, subject)
    for lane in lanes(subject.analysis, subject.findings):
        at = lane.dense() if lane.density else row(list(lane.at_s))
        if at.size > _MOST_LINES:
            continue  # its lane shows it; the wave would not be seen behind
        axes.vlines(
            at, 0.0, 1.0, lane.colour(subject), transform=axes.get_xaxis_transform(),
            linewidth=0.8, alpha=0.55 if at.size < _MANY else 0.25,
        )  # fmt: skip


def _music(axes: Axes, subject: Subject) -> None:
    """Ticks at the top for beats, where they do not run together; a bar below the loudest part, unless that is all."""
    theme, curves, along = subject.theme, subject.analysis.curves, axes.get_xaxis_transform()
    shown = []
    beats = row(curves.get("tempo", {}).get("beats_s"))
    if 2 <= beats.size <= _MOST_BEATS:
        ticks = axes.vlines(beats, 0.93, 1.0, theme.muted, transform=along, linewidth=1.0, label="beats")
        ticks.set_gid("beats")
        shown.append(ticks)
    part = curves.get("loudest")
    if part and part["end_s"] - part["start_s"] <= _LOUDEST_OF_ALL * subject.seconds:
        bar = axes.hlines(0.0, part["start_s"], part["end_s"], theme.ink, transform=along, linewidth=5)
        bar.set_label("loudest part")
        bar.set_gid("loudest")
        shown.append(bar)
    key(axes, theme, shown)


def draw_before(axes: Axes, subject: Subject) -> None:
    """The sound before it was processed, to the same scale."""
    theme = subject.theme
    assert subject.before is not None
    _panel(axes, subject, subject.before, "Waveform before", (theme.before_wave, theme.before))
    time_axis(axes, subject, labels=False)


def _panel(axes: Axes, subject: Subject, analysis: Analysis, title: str, colours: tuple[str, str]) -> None:
    curve = analysis.curves.get("waveform")
    if curve is None:
        heading(axes, subject.theme, title)
        sentence(axes, subject.theme, f"No waveform: {why_not(analysis, 'sample_peak')}.")
        return
    rms = row(curve.get("rms"))
    heading(axes, subject.theme, title, f"peaks{' and RMS' if rms.size else ''}, dBFS")
    _filled(axes, row(curve["highest"]), row(curve["lowest"]), curve["step_s"], colours[0])
    # Where the RMS fills the peaks, the sound is dense.
    _filled(axes, rms, -rms, curve.get("rms_step_s", 0.0), colours[1])
    _scale(axes, _top(subject))


def _filled(axes: Axes, high: Row, low: Row, step_s: float, colour: str) -> None:
    if not high.size:
        return
    at = np.arange(high.size + 1) * step_s
    step: Literal["post"] | None = "post" if high.size < COARSE else None
    closed = np.append(high, high[-1]), np.append(low, low[-1])
    axes.fill_between(at, *closed, step=step, color=colour, linewidth=0)


def _top(subject: Subject) -> float:
    """Full scale, or the peak where it is beyond, or three times it where hardly anything would be seen."""
    shown = [subject.analysis, *([subject.before] if subject.before else [])]
    curves = [item.curves["waveform"] for item in shown if "waveform" in item.curves]
    sides = [row(curve[side]) for curve in curves for side in ("highest", "lowest")]
    peak = max((float(np.abs(side).max()) for side in sides if side.size), default=0.0)
    if peak > 1.0:
        return peak
    return 1.0 if peak >= 0.1 or peak == 0.0 else peak * 1.5


def _scale(axes: Axes, top: float) -> None:
    """Ticks in dBFS: that is how engineers know a sample's size."""
    axes.set_ylim(-1.06 * top, 1.06 * top)
    levels = (1.0, 0.5012) if top >= 1.0 else (top / 1.5,)
    ticks = [0.0, *(sign * x for x in levels for sign in (1, -1))]
    names = [
        "−∞",
        *(f"{round(20.0 * math.log10(x), 1):g}".replace("-", "−") for x in levels for _ in (1, -1)),
    ]
    axes.set_yticks(ticks, names)
    axes.axhline(0.0, color=axes.spines["left"].get_edgecolor(), linewidth=0.6)
