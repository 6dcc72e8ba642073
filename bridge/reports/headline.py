"""The head of a picture: whose it is, and the readings that an engineer asks for first."""

from __future__ import annotations

from bridge.analysis.doubt import guessed
from bridge.analysis.judgement import judged_value, meets
from bridge.analysis.reading import Analysis, Reading
from bridge.reports.lettering import cut, duration, elided, minus, signed
from bridge.reports.panel import Subject
from bridge.reports.sheet import LEFT_IN, RIGHT_IN, SMALL_PT, WIDTH_IN, Sheet

_HEIGHT_IN, _WITHOUT_THIRD_LINE_IN = 1.5, 1.3

_TILES = (
    ("integrated_loudness", "Integrated"),
    ("loudness_range", "Range"),
    ("true_peak", "True peak"),
    ("plr", "Peak to loudness"),
    ("correlation", "Correlation"),
    ("tempo", "Tempo"),
    ("key", "Key"),
)


def height_in(subject: Subject) -> float:
    told = any(_beneath(subject, name) for name, _ in _TILES if name in subject.analysis)
    return _HEIGHT_IN if told else _WITHOUT_THIRD_LINE_IN


def draw(sheet: Sheet, subject: Subject) -> None:
    title = sheet.text(0.3, 0.42, subject.title, fontsize=15, fontweight="bold")
    sheet.fit(title, WIDTH_IN - 0.6, elided)
    sheet.text(0.3, 0.66, elided(_about(subject), 120), color=sheet.theme.muted)
    tiles = [(name, words) for name, words in _TILES if name in subject.analysis]
    pitch = (WIDTH_IN - LEFT_IN - RIGHT_IN + 0.9) / max(len(tiles), 6)
    for index, (name, words) in enumerate(tiles):
        _tile(sheet, subject, 0.3 + index * pitch, pitch - 0.1, (name, words))


def _about(subject: Subject) -> str:
    analysis = subject.analysis
    names = {1: "mono", 2: "stereo"}
    parts = [
        duration(analysis.seconds),
        f"{analysis.rate / 1000:g} kHz",
        names.get(analysis.channels, f"{analysis.channels} channels"),
    ]
    if subject.target is not None and subject.target.kind != "reference":
        parts.append(f"held against {subject.target.title}")
    if subject.reference is not None:
        parts.append(f"beside {elided(subject.reference_title, 40)}")
    if subject.before is not None:
        parts.append("after processing, before in grey")
    return " · ".join(parts)


def _tile(sheet: Sheet, subject: Subject, x_in: float, width_in: float, reading_of: tuple[str, str]) -> None:
    name, words = reading_of
    theme, reading = sheet.theme, subject.analysis[name]
    sheet.text(x_in, 0.98, words, fontsize=SMALL_PT, color=theme.muted)
    value = sheet.text(x_in, 1.22, _shown(subject.analysis, name), fontsize=13, fontweight="bold")
    if reading.number is not None and reading.unit and not guessed(subject.analysis, name):
        end_in = x_in + sheet.width_in(value) + 0.05
        sheet.text(end_in, 1.22, reading.unit, fontsize=SMALL_PT, color=theme.muted)
    beneath = sheet.text(x_in, 1.40, _beneath(subject, name), fontsize=SMALL_PT - 0.5, color=theme.muted)
    sheet.fit(beneath, width_in, cut)


def _figure(reading: Reading) -> str:
    if reading.number is None:
        return str(reading.value) if reading.value is not None else "–"
    return signed(reading.number, 1 if reading.unit else 2)


def _shown(analysis: Analysis, name: str) -> str:
    """The value that is judged; a guess is no figure."""
    value = judged_value(analysis, name)
    if guessed(analysis, name):
        return "–"
    return _figure(analysis[name]) if value is None else signed(value, 1 if analysis[name].unit else 2)


def _beneath(subject: Subject, name: str) -> str:
    """Why there is no value; what it was before; else what is expected of it, and whether it holds."""
    reading = subject.analysis[name]
    if reading.value is None:
        return reading.reason or ""
    if guessed(subject.analysis, name):
        guess = reading.value if reading.number is None else f"{reading.number:.0f} {reading.unit}"
        return f"not sure: {guess}?"
    if subject.before is not None and name in subject.before:
        return f"was {_shown(subject.before, name)}"
    span = subject.target.expects.get(name) if subject.target else None
    value = judged_value(subject.analysis, name)
    if span is None or value is None:
        return ""
    return minus(f"{'✔' if meets(span, value) else '✘'} {span.words('').strip()}")
