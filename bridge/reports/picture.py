"""The picture of an analysis: which panels there are and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.analysis.finding import findings
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.reports import headline, lanes, loudness, reductions, remarks, spectrum, stereo, waveform
from bridge.reports.lettering import plain
from bridge.reports.panel import Subject
from bridge.reports.reductions import StepGain
from bridge.reports.sheet import WIDTH_IN, PictureFormat, Sheet, drawing
from bridge.reports.theme import ThemeName, adaptive, of_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BETWEEN_IN = 0.36
_LANE_IN = 0.2
_WAVEFORM_IN = 1.45
_LOUDNESS_IN = 1.75
_CORRELATION_IN = 0.8
_SPECTRUM_IN = 2.2
_SENTENCE_IN = 0.42
"""A panel that only says why there is nothing to draw."""
_TICKS_IN = 0.22
_SPLIT_IN = 6.7
"""Where the spectrum ends and the stereo ranges begin."""


def draw(
    analysis: Analysis,
    format: PictureFormat,
    *,
    title: str,
    target: Target | None = None,
    reference: Analysis | None = None,
    reference_title: str = "reference",
    before: Analysis | None = None,
    gains: Sequence[StepGain] = (),
    theme: ThemeName = "auto",
) -> bytes:
    """The bytes of a PNG (1600 pixels wide) or of an SVG; the same input gives the same bytes.

    title: any text, a file's name for instance. reference: another sound whose spectrum and loudness are drawn beside.
    before: the same sound before processing, drawn in grey. gains: what steps of dynamics did to the gain over time.
    theme: "auto" is an SVG that follows the viewer's light or dark mode, and a light PNG.
    """
    reference_title = plain(reference_title) or "reference"
    wanted = Target.of(reference, reference_title) if reference else None
    subject = Subject(
        analysis=analysis,
        title=plain(title) or "untitled",
        theme=of_name(theme),
        findings=findings(analysis, target, wanted),
        target=target,
        reference=reference,
        reference_title=reference_title,
        before=before,
    )
    with drawing():
        sheet = _sheet(subject, reductions.shown(gains))
        if format == "png":
            return sheet.png()
        svg = sheet.svg(subject.title)
    return (adaptive(svg) if theme == "auto" else svg).encode("utf-8")


def _sheet(subject: Subject, gains: tuple[StepGain, ...]) -> Sheet:
    """All panels, from the top. Those along time stand together, above the two along frequency."""
    along_time = _time_panels(subject, gains)
    time_in = sum(panel.height_in + panel.below_in for panel in along_time)
    top = headline.height_in(subject) + _BETWEEN_IN
    spectrum_in = _SPECTRUM_IN if spectrum.sounding(subject.analysis) else _SENTENCE_IN
    foot_in = top + time_in + spectrum_in + 0.42
    sheet = Sheet(foot_in + remarks.height_in(subject), subject.theme)
    headline.draw(sheet, subject)
    for panel in along_time:
        panel.draw(sheet.axes(top, panel.height_in))
        top += panel.height_in + panel.below_in
    if stereo.by_range(subject.analysis):
        spectrum.draw(sheet.axes(top, spectrum_in, right_in=WIDTH_IN - _SPLIT_IN), subject)
        stereo.draw_per_band(sheet.axes(top, spectrum_in, left_in=_SPLIT_IN + 0.45, right_in=0.35), subject)
    else:
        spectrum.draw(sheet.axes(top, spectrum_in), subject)
    remarks.draw(sheet, subject, foot_in)
    return sheet


@dataclass(frozen=True)
class _Panel:
    height_in: float
    draw: Callable[[Axes], None]
    below_in: float


def _time_panels(subject: Subject, gains: tuple[StepGain, ...]) -> list[_Panel]:
    """Only the lowest one that shows anything carries the labels of time."""
    both, heard = stereo.sides(subject.analysis), loudness.sounding(subject.analysis)
    rows = len(lanes.lanes(subject.analysis, subject.findings))

    def panel(height_in: float, draw: Callable[..., None], labels: bool) -> _Panel:
        below_in = _BETWEEN_IN + (_TICKS_IN if labels else 0.0)
        return _Panel(height_in, lambda axes: draw(axes, subject, labels), below_in)

    marks = [_Panel(_LANE_IN * rows, lambda axes: lanes.draw(axes, subject), 0.3)] if rows else []
    above_in = 0.16 if marks else _BETWEEN_IN  # lanes of marks have no heading
    was = [_Panel(_WAVEFORM_IN * 0.75, lambda axes: waveform.draw_before(axes, subject), above_in)]
    turned = [_gain_panel(subject, step) for step in gains]
    return [
        *(was if subject.before else []),
        *marks,
        panel(_WAVEFORM_IN, waveform.draw, labels=not both and not heard),
        *turned,
        panel(_LOUDNESS_IN if heard else _SENTENCE_IN, loudness.draw, labels=heard and not both),
        panel(_CORRELATION_IN if both else _SENTENCE_IN, stereo.draw_over_time, labels=both),
    ]


def _gain_panel(subject: Subject, step: StepGain) -> _Panel:
    return _Panel(reductions.height_in(step), lambda axes: reductions.draw(axes, subject, step), _BETWEEN_IN)
