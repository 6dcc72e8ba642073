"""Every metric that a target expects something of, and the shape of its spectrum."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy, Severity
from bridge.analysis.judgement import judged_value, meets
from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import Shape, align
from bridge.analysis.target import ExpectedShape, Span, Target

_LOUDNESS = ("integrated_loudness",)
_PEAKS = ("true_peak", "sample_peak")
_SHORT = ("plr", "psr", "rms")
_MOST_DB = 9.0
_CEILING_DBTP = -1.0
"""What a loudness remedy keeps to where the target names no peak (EBU R 128)."""


def against_target(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    if target is None:
        return
    for name, span in target.expects.items():
        value = judged_value(analysis, name)
        if value is not None and not meets(span, value):
            yield _finding(target, name, value, analysis[name].unit, span)
    if target.spectrum is not None:
        yield from _shape(analysis, target, target.spectrum)


def _code(target: Target, what: str) -> str:
    return f"{'reference' if target.kind == 'reference' else 'target'}_{what}"


def _severity(target: Target, name: str) -> Severity:
    """A platform turns down or refuses what does not fit; a genre and a reference are habits to know of."""
    if target.kind != "platform":
        return "note"
    return "fault" if name in _PEAKS else "warning"


def _finding(target: Target, name: str, value: float, unit: str, span: Span) -> Finding:
    below = span.low is not None and value < span.low
    edge = span.low if below else span.high
    assert edge is not None
    away = abs(value - edge)
    title = name.upper() if name in _SHORT else name.replace("_", " ").capitalize()
    held = f"{away:.1f} {'below' if below else 'above'} what {target.title} expects ({span.words(unit)})"
    if target.kind == "reference":
        held = f"that of {target.title} {span.nearest(value):.1f} {unit}"
    sentence = f"{title} is {value:.1f} {unit}, {held}."
    return Finding(
        _code(target, name),
        name,
        value,
        span.words(unit),
        _severity(target, name),
        sentence,
        _remedy(target, name, value, span),
    )


def _remedy(target: Target, name: str, value: float, span: Span) -> Remedy | None:
    goal = span.nearest(value)
    if name in _LOUDNESS:
        peak = target.expects.get("true_peak")
        ceiling = peak.high if peak is not None and peak.high is not None else _CEILING_DBTP
        settings = {"target_lufs": goal, "ceiling_dbtp": ceiling}
        return Remedy(f"{goal:g} LUFS, ceiling {ceiling:g} dBTP", "loudness", settings)
    if name in _PEAKS:
        return Remedy(f"limit to {goal:g} dBTP", "limiter", {"ceiling_dbtp": goal})
    return _WORDS.get((name, value < goal))


def _shape(analysis: Analysis, target: Target, expected: ExpectedShape) -> Iterator[Finding]:
    heard = Shape.of(analysis.curves)
    aligned = align(heard, expected.shape) if heard else None
    if aligned is None:
        return
    for name, difference in aligned.bands_db.items():
        if abs(difference) > expected.tolerance_db:
            yield _band(target, expected, name, difference)


def _band(target: Target, expected: ExpectedShape, name: str, difference: float) -> Finding:
    from bridge.analysis.metrics.bands import BANDS

    band = next(band for band in BANDS if band.name == name)
    within = f"within {expected.tolerance_db:g} dB of {target.title}"
    return Finding(
        _code(target, f"spectrum_{name}"),
        name,
        round(difference, 2),
        within,
        "note",
        f"Spectrum with levels aligned: the {band.title} ({band.low_hz:g} to {band.high_hz:g} Hz) "
        f"{abs(difference):.1f} dB {'above' if difference > 0 else 'below'} {target.title}.",
        _moved(band.low_hz, band.high_hz, -difference),
    )


def _moved(low_hz: float, high_hz: float, by_db: float) -> Remedy:
    """A bell over the band by as much as it differs, 9 dB at most: more is another arrangement, not another tone."""
    centre_hz = math.sqrt(low_hz * high_hz)
    hz, q = float(f"{centre_hz:.2g}"), round(centre_hz / (high_hz - low_hz), 2)
    db = round(min(_MOST_DB, abs(by_db)), 1)
    bell = {"kind": "bell", "frequency_hz": hz, "gain_db": math.copysign(db, by_db), "q": q}
    words = f"{'boost' if by_db > 0 else 'cut'} {hz:g} Hz by {db:g} dB with Q {q:g}"
    return Remedy(words, "equalizer", {"bands": [bell]})


_WORDS: dict[tuple[str, bool], Remedy] = {
    ("band_sub", True): Remedy("more sub"),
    ("band_sub", False): Remedy("less sub"),
    ("band_low", True): Remedy("more bass"),
    ("band_low", False): Remedy("less bass"),
    ("band_low_mid", False): Remedy("less mud"),
    ("band_low_mid", True): Remedy("warmer"),
    ("band_mid", True): Remedy("more mids"),
    ("band_mid", False): Remedy("less mids"),
    ("band_high_mid", False): Remedy("less harsh"),
    ("band_high_mid", True): Remedy("more presence"),
    ("band_high", True): Remedy("brighter"),
    ("band_high", False): Remedy("darker"),
    ("band_air", True): Remedy("more air"),
    ("band_air", False): Remedy("less air"),
    ("correlation_low", True): Remedy("keep the bass mono"),
    ("spectral_tilt", True): Remedy("brighter"),
    ("spectral_tilt", False): Remedy("darker"),
    ("loudness_range", False): Remedy("compress a little"),
    ("crest_factor", False): Remedy("compress a little"),
    ("plr", False): Remedy("compress a little"),
    ("side_to_mid", True): Remedy("wider"),
    ("side_to_mid", False): Remedy("narrower"),
}
"""(metric or band, too little of it) -> what to ask for. What limiting took away no word brings back."""
