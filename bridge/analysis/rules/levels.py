"""Silence, overs and DC."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy
from bridge.analysis.judgement import SEEN, judged_value
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.analysis.wording import counted


def silence(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    peak = analysis.readings.get("sample_peak")
    if peak is not None and peak.value is None and peak.reason in ("silence", "no frames"):
        words = "The sound is digital silence." if peak.reason == "silence" else "The sound has no frames."
        yield Finding("silence", "sample_peak", None, "some sound", "fault", words)


_FULL = -0.01
"""Samples that stand so near full scale (dBFS) were cut there, or will be."""

_CEILING = Remedy("limit to -1 dBTP", "limiter", {"ceiling_dbtp": -1.0})


def over_full_scale(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """True peaks over 0 dBTP with samples at full scale: it was clipped, or an integer format will clip it."""
    peak, sample = judged_value(analysis, "true_peak"), analysis.number("sample_peak")
    if peak is None or peak < SEEN or (sample is not None and sample < _FULL):
        return
    yield Finding(
        "over_full_scale",
        "true_peak",
        peak,
        "at most 0 dBTP",
        "fault" if sample is not None else "warning",
        f"True peaks reach {peak:+.1f} dBTP: converters and codecs will clip them.",
        _CEILING,
        _first(analysis, "inter_sample_overs"),
    )


def inter_sample_overs(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """No sample reaches full scale and no sample meter shows it, but the wave between them does."""
    peak, sample = judged_value(analysis, "true_peak"), analysis.number("sample_peak")
    if peak is None or peak < SEEN or sample is None or sample >= _FULL:
        return
    count = analysis.number("inter_sample_overs") or 1.0
    yield Finding(
        "inter_sample_overs",
        "true_peak",
        peak,
        "at most 0 dBTP",
        "warning",
        f"No sample is over, but between them the wave reaches {peak:+.1f} dBTP, in {counted(count, 'place')}: "
        "converters and codecs will clip it there.",
        _CEILING,
        _first(analysis, "inter_sample_overs"),
    )


def _first(analysis: Analysis, kind: str) -> float | None:
    places = analysis.places(kind)
    return places[0] if places else None


def dc_offset(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """0.1 % of full scale is -60 dBFS: below it no edit clicks and no headroom is lost."""
    offset, wanders = _shift(analysis)
    if offset is None:
        return
    band = {"kind": "high_pass", "frequency_hz": 20.0, "slope_db_per_octave": 12}
    place = _first(analysis, "dc")
    words = (
        "by up to {:.2f} % of full scale, but not all the time" if wanders else "by {:.2f} % of full scale"
    )
    yield Finding(
        "dc_offset",
        "dc_offset",
        offset,
        "within 0.1 %",
        "warning",
        f"The waveform is shifted {words.format(abs(offset))}; that costs headroom and clicks at edits.",
        Remedy("high-pass at 20 Hz", "equalizer", {"bands": [band]}),
        place,
    )


def _shift(analysis: Analysis) -> tuple[float | None, bool]:
    """The offset in percent where it is steady over 0.1, and whether it belongs to some stretches only."""
    whole, worst = analysis.number("dc_offset"), analysis.number("dc_offset_worst")
    steady = (analysis.number("dc_steadiness") or 0.0) >= 0.7
    if whole is not None and abs(whole) > 0.1 and steady:
        return whole, worst is not None and abs(worst) > 2.0 * abs(whole)
    if worst is not None and abs(worst) > 0.1:
        return worst, True
    return None, False
