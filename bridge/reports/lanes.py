"""Lanes: above the waveform one row for each kind of defect, with a mark at each place, or how dense they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bridge.analysis.finding import Finding
from bridge.analysis.reading import Analysis
from bridge.reports.lettering import cut
from bridge.reports.panel import Row, Subject, row, time_axis
from bridge.reports.sheet import SMALL_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 8
"""More kinds than that are added up in the last lane."""

KINDS = (
    "clipped", "inter sample overs", "dropouts", "clicks", "channel losses", "dc", "hard start", "hard end",
    "sibilance", "inverted", "hum", "dead channel",
)  # fmt: skip
"""A kind keeps its colour and its shape in every picture; those that came later are told by their names."""

_MARKERS = ("v", "X", "s", "D", "P", "o")
_SHORT = {
    "inter sample overs": "overs",
    "channel losses": "side lost",
    "dc": "DC offset",
    "dead channel": "dead side",
}
"""Names that fit beside a lane, where the kind's own is too long."""

_THROUGHOUT = ("hum", "dead_channel")
"""Findings without a place: they hold from end to end."""


@dataclass(frozen=True)
class Lane:
    """at_s: places in seconds; empty where it holds throughout. density: counts in stretches of `step_s`."""

    name: str
    at_s: tuple[float, ...]
    count: float
    density: tuple[float, ...] = ()
    step_s: float = 0.0

    @property
    def style(self) -> int:
        """Index of colour and shape."""
        return KINDS.index(self.name) if self.name in KINDS else sum(self.name.encode())

    @property
    def marker(self) -> str:
        # One further each time the colours are through, so that no two kinds share both.
        return _MARKERS[(self.style + self.style // len(_MARKERS)) % len(_MARKERS)]

    @property
    def told(self) -> str:
        """ "3×", "all along" at the right."""
        return f"{self.count:.0f}×" if self.at_s else "all along"

    def colour(self, subject: Subject) -> str:
        return subject.theme.kinds[self.style % len(subject.theme.kinds)]

    def dense(self) -> Row:
        """Middles of the stretches in which something is, in seconds; empty where every place is listed."""
        counts = row(list(self.density))
        middles: Row = (counts.nonzero()[0].astype(np.float64) + 0.5) * self.step_s
        return middles


def lanes(analysis: Analysis, findings: Sequence[Finding]) -> list[Lane]:
    """Kinds of defects with their places; kinds without a place are left out."""
    found = [
        _lane(analysis, name.removesuffix("_s"), items)
        for name, items in analysis.defects.items()
        if name.endswith("_s") and isinstance(items, list) and items
    ]
    codes = {finding.code for finding in findings}
    found += [Lane(code.replace("_", " "), (), 1) for code in _THROUGHOUT if code in codes]
    if len(found) <= MOST:
        return found
    rest = sorted(at for lane in found[MOST - 1 :] for at in lane.at_s)
    return [*found[: MOST - 1], Lane("others", tuple(rest), len(rest))]


def _lane(analysis: Analysis, kind: str, items: list[Any]) -> Lane:
    at = tuple(float(x) for x in items if isinstance(x, (int, float)))
    whole = analysis.number(kind) or analysis.number(f"{kind}_tops") or 0.0
    density = analysis.defects.get("density", {})
    counts = tuple(density.get("counts", {}).get(kind, ()))
    return Lane(kind.replace("_", " "), at, max(whole, len(at)), counts, density.get("each_s", 0.0))


def draw(axes: Axes, subject: Subject) -> None:
    """One lane a kind: its name at the left, its count at the right, a mark at each place or a line throughout."""
    found = lanes(subject.analysis, subject.findings)
    for height, lane in enumerate(found):
        gid = f"defects-{lane.name.replace(' ', '-')}"
        if not lane.at_s:
            line = axes.hlines(height, 0.0, subject.seconds, lane.colour(subject), linewidth=3.5)
            line.set_gid(gid)
            continue
        at = lane.dense() if lane.density else row(list(lane.at_s))
        marks = axes.plot(
            at, [height] * at.size, lane.marker, color=lane.colour(subject), markersize=5, linestyle="none",
            clip_on=False, markeredgewidth=0,
        )  # fmt: skip
        marks[0].set_gid(gid)
    axes.set_ylim(len(found) - 0.45, -0.55)
    axes.set_yticks(range(len(found)), [cut(_SHORT.get(lane.name, lane.name), 10) for lane in found])
    axes.tick_params(axis="y", labelcolor=subject.theme.ink, length=0, pad=7)
    for height, lane in enumerate(found):
        axes.annotate(
            lane.told, (1, height), (6, 0), axes.get_yaxis_transform(), "offset points", va="center",
            fontsize=SMALL_PT, color=subject.theme.muted,
        )  # fmt: skip
    time_axis(axes, subject, labels=False)
    axes.grid(False, axis="y")
