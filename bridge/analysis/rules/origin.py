"""Where a sound comes from, told by the wall at its upper end: a lossy codec, a lower rate."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Severity
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target

_WALL_DB = 40.0
_HIGHEST_SHARE = 0.88
"""Of half the rate. Above it stand the filters of converters, and of resampling from 44.1 to 48 kHz (0.89): a wall
there takes nothing that anybody hears."""

_HALF_RATES_HZ = (4000.0, 5512.5, 8000.0, 11025.0, 12000.0, 16000.0, 22050.0, 24000.0, 44100.0, 48000.0)


def brick_wall(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """A gentle filter, a dark instrument or a single tone falls more slowly, or has nothing to fall from."""
    edge, drop = analysis.number("bandwidth"), analysis.number("bandwidth_drop")
    if edge is None or drop is None or drop < _WALL_DB or not analysis.rate:
        return
    if edge > _HIGHEST_SHARE * analysis.rate / 2:
        return
    severity, origin = _origin(edge, analysis.rate)
    yield Finding(
        "brick_wall",
        "bandwidth",
        edge,
        f"content up to {analysis.rate / 2000:.0f} kHz, or a gentle end",
        severity,
        f"Above {edge / 1000:.1f} kHz there is nothing: the content falls by {drop:.0f} dB there. {origin} "
        "What is gone cannot be brought back: look for the original file.",
    )


def _origin(edge_hz: float, rate: int) -> tuple[Severity, str]:
    """What leaves a wall there. Resampling stops 3 to 12 % below half of the lower rate; codecs keep to their own."""
    for half in _HALF_RATES_HZ:
        if half < 0.6 * rate / 2 and 0.88 * half <= edge_hz <= 1.02 * half:
            return "warning", f"It was probably converted up from a rate of {2 * half / 1000:g} kHz."
    if edge_hz > 20700:
        return "note", "That is a filter of the recording or of a conversion, and is not heard."
    if edge_hz > 18200:
        return "note", "It was probably a lossy file at a high rate (MP3, AAC or Ogg at 160 kbit/s or more)."
    if edge_hz > 14500:
        return "warning", "It was probably a lossy file at a low rate (MP3 or AAC at about 128 kbit/s)."
    return "warning", "It was probably a lossy file at a very low rate, or converted up from a lower one."
