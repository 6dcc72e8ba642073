"""Loudness over time: momentary, short-term, the integrated line, what the target allows, and the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bridge.analysis.reading import Analysis
from bridge.reports.lettering import signed
from bridge.reports.panel import Row, Subject, heading, key, row, sections, sentence, time_axis, why_not
from bridge.reports.sheet import SMALL_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FLOOR_LUFS = -70.0
_LEAST_SPAN_LU = 12.0
_LONG_S = 1500.0
"""From here on a thick line would run into itself."""

_TARGETED = "integrated_loudness"


def sounding(analysis: Analysis) -> bool:
    """Whether there is a loudness at any time."""
    return bool(np.isfinite(row(analysis.curves.get("loudness", {}).get("momentary_lufs"))).any())


def draw(axes: Axes, subject: Subject, labels: bool) -> None:
    theme, analysis = subject.theme, subject.analysis
    heading(axes, theme, "Loudness", "LUFS")
    time_axis(axes, subject, labels)
    if not sounding(analysis):
        sentence(axes, theme, f"No loudness: {why_not(analysis, 'momentary_max', _TARGETED)}.")
        return
    curve = analysis.curves["loudness"]
    momentary = row(curve["momentary_lufs"])
    handles: list[Any] = []
    if subject.before is not None:
        handles += _short_term(axes, subject.before, theme.before, "short-term before", 1.4)
    handles += _line(axes, curve, momentary, theme.faint_line, "momentary (0.4 s)", 0.9)
    handles += _short_term(
        axes, analysis, theme.line, "short-term (3 s)", 1.8 if subject.seconds < _LONG_S else 1.1
    )
    _scale(axes, subject, curve)
    sections(axes, subject)
    handles += _target(axes, subject)
    handles += _gate(axes, subject, curve)
    _integrated(axes, subject)
    _highest(axes, subject)
    key(axes, theme, handles)


def _short_term(axes: Axes, analysis: Analysis, colour: str, label: str, width: float) -> list[Any]:
    curve = analysis.curves.get("loudness", {})
    return _line(axes, curve, row(curve.get("short_term_lufs")), colour, label, width)


def _line(axes: Axes, curve: dict[str, Any], values: Row, colour: str, label: str, width: float) -> list[Any]:
    if not np.isfinite(values).any():
        return []
    at = curve["start_s"] + np.arange(values.size) * curve["step_s"]
    alone = "o" if np.isfinite(values).sum() < 3 else None
    return axes.plot(
        at, values, color=colour, label=label, linewidth=width, marker=alone, solid_joinstyle="round"
    )


def _scale(axes: Axes, subject: Subject, curve: dict[str, Any]) -> None:
    """From the quietest that lasts to the loudest, the target's span and the reading always within.

    A lead-in or a fade-out, which lasts a twentieth of the time or less, would squeeze all the music else.
    """
    momentary, lasting = row(curve["momentary_lufs"]), row(curve["short_term_lufs"])
    heard = momentary[momentary > _FLOOR_LUFS]
    kept = lasting[lasting > _FLOOR_LUFS]
    lines = [item.number(_TARGETED) for item in (subject.analysis, subject.before, subject.reference) if item]
    marks = [x for x in (*lines, *_span(subject)) if x is not None]
    top = max([*heard, *marks], default=_FLOOR_LUFS) + 1.5
    quiet = float(np.percentile(kept if kept.size else heard, 5)) if heard.size else top
    low = min([quiet, *marks]) - 2.0
    axes.set_ylim(max(min(low, top - _LEAST_SPAN_LU), _FLOOR_LUFS - _LEAST_SPAN_LU), top)
    axes.locator_params(axis="y", nbins=6, steps=[1, 2, 3, 5, 6, 10])
    axes.yaxis.set_major_formatter(lambda value, _: signed(value, 0))


def _span(subject: Subject) -> tuple[float | None, float | None]:
    span = subject.target.expects.get(_TARGETED) if subject.target else None
    return (span.low, span.high) if span else (None, None)


def _highest(axes: Axes, subject: Subject) -> None:
    """A ring where the short-term loudness is highest, with its value; the line stands at the end of its 3 s."""
    value = subject.analysis.number("short_term_max")
    middle_s = subject.analysis.curves.get("peaks", {}).get("short_term_max_s")
    if value is None or middle_s is None or subject.before is not None:
        return
    ring = axes.plot(
        [middle_s + 1.5], [value], "o", markersize=5, linestyle="none", clip_on=False,
        color=subject.theme.line, markerfacecolor=subject.theme.paper,
    )  # fmt: skip
    ring[0].set_gid("short-term-max")
    late = middle_s + 1.5 > 0.9 * subject.seconds
    axes.annotate(
        f"max {signed(value)}", (middle_s + 1.5, value), (-6 if late else 6, 5), "data", "offset points",
        ha="right" if late else "left", fontsize=SMALL_PT, color=subject.theme.muted,
    )  # fmt: skip


def _target(axes: Axes, subject: Subject) -> list[Any]:
    """A band between the target's edges; one edge alone is a line."""
    low, high = _span(subject)
    colour = subject.theme.target
    edges = [axes.axhline(x, color=colour, linewidth=1.1) for x in (low, high) if x is not None]
    for edge, name in zip(
        edges, [n for n, x in (("low", low), ("high", high)) if x is not None], strict=True
    ):
        edge.set_gid(f"target-{name}")
    if low is not None and high is not None:
        return [axes.axhspan(low, high, color=colour, alpha=0.2, linewidth=0, label=_target_words(low, high))]
    if edges:
        edges[0].set_label(f"target: at {'least' if high is None else 'most'} {signed(low or high or 0.0)}")
    return edges


def _target_words(low: float, high: float) -> str:
    return f"target {signed(low)}" if low == high else f"target {signed(low)} to {signed(high)}"


def _gate(axes: Axes, subject: Subject, curve: dict[str, Any]) -> list[Any]:
    gate = curve.get("gate_lufs")
    if not isinstance(gate, (int, float)) or not axes.get_ylim()[0] < gate < axes.get_ylim()[1]:
        return []
    return [axes.axhline(gate, color=subject.theme.muted, linewidth=0.9, linestyle=(0, (1, 2)), label="gate")]


def _integrated(axes: Axes, subject: Subject) -> None:
    """A dashed line with its value in the right margin; that of the reference and of before beside it."""
    theme = subject.theme
    lines = [(subject.analysis, theme.ink, "integrated")]
    if subject.before is not None:
        lines.append((subject.before, theme.before, "before"))
    if subject.reference is not None:
        lines.append((subject.reference, theme.reference, "reference"))
    taken: list[float] = []
    low, high = axes.get_ylim()
    for analysis, colour, name in lines:
        value = analysis.number(_TARGETED)
        if value is None or not low <= value <= high:
            continue
        own = name == "integrated"
        line = axes.axhline(
            value, color=colour, linewidth=1.2, linestyle=(0, (5, 3)), zorder=2.2 if own else 2.1
        )
        line.set_gid(f"integrated-{name}")
        if all(abs(value - other) > (high - low) / 9 for other in taken):
            taken.append(value)
            axes.annotate(
                f"I {signed(value)}" if own else f"{signed(value)}\n{name}",
                (1, value), (5, 0), axes.get_yaxis_transform(), "offset points", va="center",
                fontsize=SMALL_PT, color=theme.ink if own else theme.muted,
            )  # fmt: skip
