"""The spectrum in third octaves against a reference, a target's bands, or what it was before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import Shape, align
from bridge.analysis.target import SHAPE_LIKE_THE_REFERENCE_DB
from bridge.reports.lettering import elided, signed
from bridge.reports.panel import Row, Subject, heading, key, row, sentence, why_not
from bridge.reports.sheet import SMALL_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GROWTH_DB = 3.01
"""A third octave an octave higher is twice as wide."""

_TICKS_HZ = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
_DEEPEST_DB = 62.0


def sounding(analysis: Analysis) -> bool:
    """Whether any band holds sound."""
    return _curve(analysis) is not None


def draw(axes: Axes, subject: Subject) -> None:
    theme = subject.theme
    heading(
        axes,
        theme,
        "Spectrum",
        "dB of the whole in each third octave" if _alone(subject) else "third octaves, dB",
    )
    curve = _curve(subject.analysis)
    if curve is None:
        sentence(
            axes, theme, f"No spectrum: {why_not(subject.analysis, 'spectral_centroid', 'sample_peak')}."
        )
        return
    centres, level = curve
    handles: list[Any] = []
    _frequency_axis(axes)
    shown = [level, *_before(axes, subject, handles), *_expected(axes, subject, handles)]
    _scale(axes, np.concatenate(shown))
    floor = axes.get_ylim()[0]
    own = axes.plot(centres, np.fmax(level, floor), color=theme.line, linewidth=2.0, label="this file")
    axes.fill_between(centres, np.fmax(level, floor), floor, color=theme.wave, alpha=0.35, linewidth=0)
    _tilt(axes, subject, centres, level, handles)
    _resonances(axes, subject, centres, level)
    if handles:
        own[0].set_label("after" if subject.before else "this file")
        key(axes, theme, [*own, *handles])


def _alone(subject: Subject) -> bool:
    target = subject.target
    expected = target is not None and (target.spectrum is not None or "spectral_tilt" in target.expects)
    return subject.reference is None and subject.before is None and not expected


def _curve(analysis: Analysis) -> tuple[Row, Row] | None:
    """Centres in Hz and levels in dB, nan where a band is empty."""
    curve = analysis.curves.get("spectrum")
    if not curve:
        return None
    centres, level = row(curve["centre_hz"]), row(curve["level_db"])
    return (centres, level) if np.isfinite(level).any() else None


def _frequency_axis(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_xlim(18, 22500)
    axes.set_xticks(
        _TICKS_HZ, ["20 Hz", *(f"{hz // 1000}k" if hz >= 1000 else str(hz) for hz in _TICKS_HZ[1:])]
    )
    axes.set_xticks([], minor=True)


def _scale(axes: Axes, levels: Row) -> None:
    finite = levels[np.isfinite(levels)]
    top = math.ceil((finite.max() + 4) / 5) * 5
    low = math.floor((np.percentile(finite, 4) - 3) / 5) * 5
    axes.set_ylim(max(min(low, top - 25), top - _DEEPEST_DB), top)
    axes.locator_params(axis="y", nbins=7, steps=[1, 2, 5, 10])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}".replace("-", "−"))


def _before(axes: Axes, subject: Subject, handles: list[Any]) -> list[Row]:
    found = _curve(subject.before) if subject.before else None
    if found is None:
        return []
    handles += axes.plot(*found, color=subject.theme.before, linewidth=1.5, label="before")
    return [found[1]]


def _expected(axes: Axes, subject: Subject, handles: list[Any]) -> list[Row]:
    """The reference's spectrum, and the shape that the target expects, each laid over this one in level."""
    theme, target = subject.theme, subject.target
    shown: list[Row] = []
    if subject.reference is not None:
        shape = Shape.of(subject.reference.curves)
        name = elided(subject.reference_title, 22)
        shown += _shape(axes, subject, shape, SHAPE_LIKE_THE_REFERENCE_DB, name, theme.reference, handles)
    if target is not None and target.spectrum is not None and target.kind != "reference":
        expected = target.spectrum
        name = elided(target.title, 22)
        shown += _shape(axes, subject, expected.shape, expected.tolerance_db, name, theme.target, handles)
    return shown


def _tilt(axes: Axes, subject: Subject, centres: Row, level: Row, handles: list[Any]) -> None:
    """How steeply the target lets the spectrum fall: a fan through the middle of this one from 100 Hz to 10 kHz.

    The metric is a slope of power density; in bands that grow with frequency it is 3.01 dB an octave more.
    Left out where another spectrum is shown already.
    """
    span = subject.target.expects.get("spectral_tilt") if subject.target else None
    told = np.isfinite(level) & (centres > 99) & (centres < 10100)
    if handles or span is None or span.low is None or span.high is None or told.sum() < 6:
        return
    octaves = np.log2(centres[told]) - np.log2(centres[told]).mean()
    steep, flat = (level[told].mean() + (slope + _GROWTH_DB) * octaves for slope in (span.low, span.high))
    label = f"target: {signed(span.low)} to {signed(span.high)} dB/octave"
    fan = axes.fill_between(
        centres[told], steep, flat, color=subject.theme.target, alpha=0.22, linewidth=0, label=label
    )
    fan.set_gid("target-tilt")
    handles.append(fan)
    fitted = level[told].mean() + np.polyfit(octaves, level[told], 1)[0] * octaves
    dots = axes.plot(centres[told], fitted, color=subject.theme.ink, linewidth=1.1, linestyle=(0, (1, 2)))
    dots[0].set_label("its own slope")
    handles += dots


def _shape(
    axes: Axes,
    subject: Subject,
    shape: Shape | None,
    within_db: float,
    name: str,
    colour: str,
    handles: list[Any],
) -> list[Row]:
    own = Shape.of(subject.analysis.curves)
    aligned = align(own, shape) if own and shape else None
    if aligned is None:
        return []
    centres, level = np.array(aligned.centre_hz), np.array(aligned.reference_db)
    axes.fill_between(centres, level - within_db, level + within_db, color=colour, alpha=0.17, linewidth=0)
    label = f"{name} ±{within_db:g} dB"
    handles += axes.plot(centres, level, color=colour, linewidth=1.5, linestyle=(0, (5, 2)), label=label)
    return [level]


def _resonances(axes: Axes, subject: Subject, centres: Row, level: Row) -> None:
    """A mark above each resonance with its frequency; the three that stand out most."""
    found = subject.analysis.curves.get("resonances", [])
    items = [item for item in found if isinstance(item, dict) and item.get("frequency_hz")]
    for item in items[:3]:
        hz = float(item["frequency_hz"])
        if not centres[0] <= hz <= centres[-1]:
            continue
        height = float(np.interp(math.log(hz), np.log(centres), np.nan_to_num(level, nan=axes.get_ylim()[0])))
        mark = axes.plot([hz], [height], "v", color=subject.theme.danger, markersize=7, markeredgewidth=0)
        mark[0].set_gid(f"resonance-{hz:.0f}")
        axes.annotate(
            f"{hz / 1000:.1f}k" if hz >= 1000 else f"{hz:.0f}", (hz, height), (0, 6), "data", "offset points",
            ha="center", fontsize=SMALL_PT, color=subject.theme.ink,
            bbox={"facecolor": subject.theme.paper, "edgecolor": "none", "alpha": 0.8, "pad": 0.6},
        )  # fmt: skip
