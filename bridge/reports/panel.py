"""What all panels share: a title line with a key, a sentence where nothing can be drawn, the time axis, values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.finding import Finding
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.reports.lettering import clock, time_step_s
from bridge.reports.sheet import BODY_PT, SMALL_PT
from bridge.reports.theme import Theme

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Row = NDArray[np.float64]

COARSE = 300
"""Stretches; with fewer of them their steps are drawn, with more nobody would see them."""


@dataclass(frozen=True)
class Subject:
    """What a picture shows. title, reference_title: plain text. before: the same sound before it was processed."""

    analysis: Analysis
    title: str
    theme: Theme
    findings: tuple[Finding, ...] = ()
    target: Target | None = None
    reference: Analysis | None = None
    reference_title: str = "reference"
    before: Analysis | None = None

    @property
    def seconds(self) -> float:
        """Length of the time axis."""
        return max(self.analysis.seconds, self.before.seconds if self.before else 0.0)


def heading(axes: Axes, theme: Theme, title: str, note: str = "") -> None:
    """The title above a panel's left edge, and beside it what is measured how."""
    from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea
    from matplotlib.transforms import ScaledTranslation

    parts: list[Artist] = [
        TextArea(title, textprops={"color": theme.ink, "fontsize": BODY_PT, "fontweight": "bold"})
    ]
    if note:
        parts.append(TextArea(note, textprops={"color": theme.muted, "fontsize": SMALL_PT}))
    packed = HPacker(children=parts, align="baseline", pad=0, sep=7)
    above = axes.transAxes + ScaledTranslation(0, 4 / 72, _figure_of(axes).dpi_scale_trans)
    box = AnchoredOffsetbox(
        "lower left",
        child=packed,
        pad=0,
        borderpad=0,
        frameon=False,
        bbox_to_anchor=(0, 1),
        bbox_transform=above,
    )
    axes.add_artist(box)


def _figure_of(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def key(axes: Axes, theme: Theme, handles: Sequence[Any]) -> None:
    """What the lines mean, above the panel's right edge."""
    if not handles:
        return
    axes.legend(
        handles=handles,
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncol=len(handles),
        frameon=False,
        fontsize=SMALL_PT,
        labelcolor=theme.muted,
        borderaxespad=0.4,
        borderpad=0.15,
        handlelength=1.6,
        handletextpad=0.5,
        columnspacing=1.3,
    )


def sentence(axes: Axes, theme: Theme, words: str) -> None:
    """Says why there is no picture."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.text(
        0.5,
        0.5,
        words,
        transform=axes.transAxes,
        ha="center",
        va="center",
        color=theme.muted,
        fontsize=BODY_PT,
    )


def time_axis(axes: Axes, subject: Subject, labels: bool) -> None:
    """From 0 to the end; labels only where the panel below does not carry them."""
    seconds = max(subject.seconds, 1e-3)
    step_s = time_step_s(seconds)
    ticks = np.arange(0.0, seconds * (1 + 1e-9), step_s)
    axes.set_xlim(0.0, seconds)
    names = [clock(at, step_s) for at in ticks]
    names[0] += " s" if step_s < 1 else ""
    axes.set_xticks(ticks, names if labels else [""] * ticks.size)
    if not labels:
        axes.tick_params(axis="x", length=0)


def sections(axes: Axes, subject: Subject) -> None:
    """Fine lines where the loudness of the piece changes for good."""
    parts = subject.analysis.curves.get("sections") or []
    for part in parts[1:]:
        axes.axvline(part["start_s"], color=subject.theme.muted, linewidth=0.8, linestyle=(0, (1, 3)))


def row(values: object) -> Row:
    """A curve's list as numbers; what is None or no number is nan, which is not drawn."""
    if not isinstance(values, (list, tuple)):
        return np.zeros(0)
    return np.array([float(x) if isinstance(x, (int, float)) else np.nan for x in values], np.float64)


def why_not(analysis: Analysis, *names: str) -> str:
    """The reason that a reading gives for having no value, of the first of these readings that gives one."""
    for name in names:
        reading = analysis.readings.get(name)
        if reading is not None and reading.value is None and reading.reason:
            return reading.reason
    return "not measured"
