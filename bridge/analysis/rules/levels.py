"""Silence, overs and DC."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target


def silence(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    peak = analysis.readings.get("sample_peak")
    if peak is not None and peak.value is None and peak.reason in ("silence", "no frames"):
        words = "The sound is digital silence." if peak.reason == "silence" else "The sound has no frames."
        yield Finding("silence", "sample_peak", None, "some sound", "fault", words)


def over_full_scale(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """True peaks over 0 dBTP: worse where samples themselves stand at full scale, since then it was clipped."""
    peak = analysis.number("true_peak")
    if peak is None or peak <= 0.0:
        return
    sample = analysis.number("sample_peak")
    clipped = sample is not None and sample >= -0.01
    yield Finding(
        "over_full_scale",
        "true_peak",
        peak,
        "at most 0 dBTP",
        "fault" if clipped else "warning",
        f"True peaks reach {peak:+.1f} dBTP: converters and codecs will clip them.",
        Remedy("limit to -1 dBTP", "limiter", {"ceiling_dbtp": -1.0}),
    )


def dc_offset(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """0.1 % of full scale is -60 dBFS: below it no edit clicks and no headroom is lost."""
    offset = analysis.number("dc_offset")
    if offset is None or abs(offset) <= 0.1 or (analysis.number("dc_steadiness") or 0.0) < 0.7:
        return
    band = {"kind": "high_pass", "frequency_hz": 20.0, "slope_db_per_octave": 12}
    yield Finding(
        "dc_offset",
        "dc_offset",
        offset,
        "within 0.1 %",
        "warning",
        f"The waveform is shifted by {offset:.2f} % of full scale; that costs headroom and clicks at edits.",
        Remedy("high-pass at 20 Hz", "equalizer", {"bands": [band]}),
    )
