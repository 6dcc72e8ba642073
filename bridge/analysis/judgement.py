"""Judgement: a sound held against a target, row by row, and what the platform will do with its level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import Shape, align
from bridge.analysis.target import ExpectedShape, Playback, Span, Target

SEEN = 0.05
"""What a sentence would call 0.0 is no miss: a remedy aims at the edge and meets it so."""

_STRICT = {"true_peak": "true_peak_strict"}
"""A ceiling is judged by the figure that reads closest; 4x may read half a dB low."""


def judged_value(analysis: Analysis, metric: str) -> float | None:
    """The reading that is held against a span, in the metric's unit: of two figures of one peak the higher."""
    read = (analysis.number(name) for name in (metric, _STRICT.get(metric, metric)))
    return max((value for value in read if value is not None), default=None)


def meets(span: Span, value: float) -> bool:
    return abs(value - span.within(value)) < SEEN


@dataclass(frozen=True)
class Row:
    """One expectation. value: as judged; None with the reason why. met: None where there is no value."""

    metric: str
    value: float | None
    unit: str
    expected: str
    met: bool | None
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        value = None if self.value is None else round(self.value, 3)
        told = {"metric": self.metric, "value": value, "unit": self.unit, "expected": self.expected}
        return told | {"met": self.met} | ({"reason": self.reason} if self.reason else {})


@dataclass(frozen=True)
class Judgement:
    """A target's rows in its order, the shape of the spectrum last. gain_db: what the platform turns the sound by."""

    target: Target
    rows: tuple[Row, ...]
    gain_db: float | None = None

    @property
    def met(self) -> bool:
        """Something could be judged, and nothing was missed."""
        verdicts = {row.met for row in self.rows}
        return True in verdicts and False not in verdicts

    @property
    def playback(self) -> str:
        """What the platform does with the level, as a sentence; "" where nobody says."""
        plays = self.target.playback
        if plays is None or self.gain_db is None:
            return ""
        if self.gain_db <= -SEEN:
            return f"{self.target.title} will turn it down by {-self.gain_db:.1f} dB, to {plays.lufs:g} LUFS."
        if self.gain_db >= SEEN:
            return f"{self.target.title} will turn it up by {self.gain_db:.1f} dB."
        return f"{self.target.title} will play it as it is."

    def to_json(self) -> dict[str, Any]:
        plays = {"gain_db": round(self.gain_db, 2)} if self.gain_db is not None else {}
        return {
            "name": self.target.name,
            "title": self.target.title,
            "kind": self.target.kind,
            "met": self.met,
            "rows": [row.to_json() for row in self.rows],
            "playback": {**plays, "sentence": self.playback} if self.playback else None,
        }


def judge(analysis: Analysis, target: Target) -> Judgement:
    """What of a target a sound meets; metrics that were left out of the analysis have no row."""
    rows = [_row(analysis, name, span) for name, span in target.expects.items() if name in analysis.readings]
    if target.spectrum is not None and (row := _spectrum(analysis, target.spectrum)) is not None:
        rows.append(row)
    return Judgement(target, tuple(rows), _gain_db(analysis, target.playback) if target.playback else None)


def _row(analysis: Analysis, name: str, span: Span) -> Row:
    reading, value = analysis[name], judged_value(analysis, name)
    met = None if value is None else meets(span, value)
    return Row(name, value, reading.unit, span.words(reading.unit), met, reading.reason or "")


def _spectrum(analysis: Analysis, expected: ExpectedShape) -> Row | None:
    """The named band that lies farthest off."""
    heard = Shape.of(analysis.curves)
    aligned = align(heard, expected.shape) if heard else None
    if aligned is None:
        return None
    worst = max(map(abs, aligned.bands_db.values()), default=0.0)
    tolerance = expected.tolerance_db
    return Row("spectrum", worst, "dB", f"within {tolerance:g} dB a band", worst <= tolerance)


def _gain_db(analysis: Analysis, plays: Playback) -> float | None:
    loudness, peak = analysis.number("integrated_loudness"), judged_value(analysis, "true_peak")
    if loudness is None:
        return None
    wanted = plays.lufs - loudness
    if wanted <= 0.0:
        return wanted
    if plays.raises_to_dbtp is None or peak is None:
        return 0.0
    return min(wanted, max(0.0, plays.raises_to_dbtp - peak))
