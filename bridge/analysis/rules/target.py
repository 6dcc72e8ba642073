"""Every metric that a target expects something of."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy, Severity
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Span, Target

_LOUDNESS = ("integrated_loudness",)
_PEAKS = ("true_peak", "sample_peak")


def against_target(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    if target is None:
        return
    for name, span in target.expects.items():
        value = analysis.number(name)
        if value is not None and not span.holds(value):
            yield _finding(target, name, value, analysis[name].unit, span)


def _finding(target: Target, name: str, value: float, unit: str, span: Span) -> Finding:
    below = span.low is not None and value < span.low
    edge = span.low if below else span.high
    assert edge is not None
    away = abs(value - edge)
    severity: Severity = "fault" if target.kind == "platform" and name in _PEAKS else "warning"
    sentence = (
        f"{_title(name)} is {value:.1f} {unit}, {away:.1f} {'below' if below else 'above'} what "
        f"{target.title} expects ({span.words(unit)})."
    )
    return Finding(
        f"target_{name}",
        name,
        value,
        span.words(unit),
        severity,
        sentence,
        _remedy(target, name, value, span),
    )


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _remedy(target: Target, name: str, value: float, span: Span) -> Remedy | None:
    goal = span.nearest(value)
    if name in _LOUDNESS:
        peak = target.expects.get("true_peak")
        ceiling = peak.high if peak is not None and peak.high is not None else -1.0
        settings = {"target_lufs": goal, "ceiling_dbtp": ceiling}
        return Remedy(f"{goal:g} LUFS, ceiling {ceiling:g} dBTP", "loudness", settings)
    if name in _PEAKS:
        return Remedy(f"limit to {goal:g} dBTP", "limiter", {"ceiling_dbtp": goal})
    return _TONE.get((name, value < goal))


_TONE: dict[tuple[str, bool], Remedy] = {
    ("band_low", True): Remedy("more bass"),
    ("band_low", False): Remedy("less bass"),
    ("band_low_mid", False): Remedy("less mud"),
    ("band_low_mid", True): Remedy("warmer"),
    ("band_high_mid", False): Remedy("less harsh"),
    ("band_high_mid", True): Remedy("more presence"),
    ("band_air", True): Remedy("more air"),
    ("band_high", True): Remedy("brighter"),
    ("band_high", False): Remedy("darker"),
    ("crest_factor", False): Remedy("compress a little"),
    ("plr", False): Remedy("compress a little"),
    ("side_to_mid", True): Remedy("wider"),
    ("side_to_mid", False): Remedy("narrower"),
}
