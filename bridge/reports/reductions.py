"""Gain over time: what each step of dynamics turned down, one panel a step and in it one lane a band.

As on the meter of a compressor the line hangs from 0: the lower, the more is turned down; above 0 it was raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bridge.effects.dsp.reduction import ReductionCurve
from bridge.reports.lettering import cut, minus, signed
from bridge.reports.panel import COARSE, Row, Subject, heading, row, time_axis
from bridge.reports.sheet import SMALL_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 8
"""More steps than that are told in words."""

_ALONE_IN, _LANE_IN, _IDLE_IN = 0.55, 0.26, 0.14
_LEAST_SPAN_DB = 3.0
"""A tenth of a dB shall not look like a pumping mix."""
_AIRED = 1.1
"""Room beyond the farthest gain."""


@dataclass(frozen=True)
class StepGain:
    """title: which step of the plan, "2. Compressor". curve: in the time of the result, up to a trim that follows."""

    title: str
    curve: ReductionCurve


def shown(steps: Sequence[StepGain]) -> tuple[StepGain, ...]:
    """Those with a curve, as many as a picture takes."""
    return tuple(step for step in steps if any(step.curve.reduction_db))[:MOST]


def height_in(step: StepGain) -> float:
    bands = len(step.curve.bands)
    if not step.curve.most_db:
        return _IDLE_IN
    return _ALONE_IN if bands == 1 else _LANE_IN * bands


def draw(axes: Axes, subject: Subject, step: StepGain) -> None:
    """Lanes from high to low bands, all to one scale; at the right how far each went."""
    curve, theme = step.curve, subject.theme
    heading(axes, theme, step.title, minus(curve.sentence) if curve.most_db else "had nothing to turn down")
    time_axis(axes, subject, labels=False)
    axes.grid(False, axis="y")
    if not curve.most_db:
        axes.set_ylim(-1, 1)
        axes.set_yticks([0.0], ["0 dB"])
        axes.plot([0.0, subject.seconds], [0.0, 0.0], color=theme.line, linewidth=0.9)
        return
    gains: list[Row] = [-row(list(band)) for band in reversed(curve.reduction_db)]
    top, bottom = _span(gains)
    deep = top - bottom
    for lane, gain in enumerate(gains):
        zero = -lane * deep
        at = np.arange(gain.size + 1) * curve.step_s
        closed = zero + np.append(gain, gain[-1:])
        step_kind = "steps-post" if gain.size < COARSE else "default"
        axes.fill_between(
            at, zero, closed, color=theme.wave, linewidth=0, step="post" if gain.size < COARSE else None
        )
        line = axes.plot(at, closed, color=theme.line, linewidth=0.9, drawstyle=step_kind)
        line[0].set_gid(f"gain-{_spelt(step.title)}-{len(gains) - 1 - lane}")
        axes.axhline(zero, color=theme.edge, linewidth=0.6)
        axes.annotate(
            f"{signed(_farthest(gain))} dB", (1, zero + (top + bottom) / 2), (6, 0), axes.get_yaxis_transform(),
            "offset points", va="center", fontsize=SMALL_PT, color=theme.muted,
        )  # fmt: skip
    axes.set_ylim(-(len(gains) - 1) * deep + bottom, top)
    _name(axes, subject, curve, deep, (top, bottom))


def _name(
    axes: Axes, subject: Subject, curve: ReductionCurve, deep: float, span: tuple[float, float]
) -> None:
    """At the left the names of bands; of one alone, how deep it goes."""
    top, bottom = span
    if len(curve.bands) == 1:
        lowest, highest = bottom / _AIRED, top / _AIRED
        ends = [*([lowest] if lowest < -0.3 * deep else []), *([highest] if highest > 0.3 * deep else [])]
        axes.set_yticks([0.0, *ends], ["0 dB", *(signed(end, 0) for end in ends)])
        return
    middles = [-lane * deep + (top + bottom) / 2 for lane in range(len(curve.bands))]
    axes.set_yticks(middles, [_short(name) for name in reversed(curve.bands)])
    axes.tick_params(axis="y", labelcolor=subject.theme.ink, length=0)


def _span(gains: Sequence[Row]) -> tuple[float, float]:
    """The highest and the lowest gain in dB that a lane has room for, with some air."""
    high = max((float(gain.max()) for gain in gains if gain.size), default=0.0)
    low = min((float(gain.min()) for gain in gains if gain.size), default=0.0)
    high, low = max(high, 0.0), min(low, 0.0)
    short = max(0.0, _LEAST_SPAN_DB - (high - low))
    low -= short
    return _AIRED * high + 0.06 * (high - low), _AIRED * low


def _farthest(gain: Row) -> float:
    return float(gain[np.abs(gain).argmax()]) if gain.size else 0.0


def _short(band: str) -> str:
    """ "1 kHz to 5 kHz" as "1k–5k Hz", "above 5 kHz" as "> 5 kHz": there is room for about 11 characters."""
    low, to, high = band.replace("above ", "> ").replace("up to ", "< ").partition(" to ")
    if not to:
        return cut(low, 12)
    ends = (end.removesuffix(" Hz").replace(" kHz", "k") for end in (low, high))
    return cut(f"{'–'.join(ends)} Hz", 12)


def _spelt(title: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in title).lower().split())
