"""Noise that stays when the music pauses."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target

_STEADY_DB = 1.5
_PAUSES_DB, _OPENS_DB = 6.0, 12.0
_AUDIBLE_LU = -52.0
"""Music at 80 dB SPL leaves such noise at 28 dB SPL, as loud as a quiet room."""

_ANNOYING_LU = -42.0

_OVER_NOISE_DB = 18.0
"""A gate hears peaks: within its hold those of steady noise reach 13 to 15 dB over its RMS, and would open it."""

_UNDER_MUSIC_DB = 3.0
"""Below its loudness music has its peaks all the same; a threshold nearer to it would chop notes."""


def broadband_noise(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    level, unrest, rise = (analysis.number(name) for name in ("hiss", "hiss_unrest", "hiss_rise"))
    loudness = analysis.number("integrated_loudness")
    if level is None or unrest is None or rise is None or loudness is None:
        return
    if unrest > _STEADY_DB or rise < _PAUSES_DB or level - loudness < _AUDIBLE_LU:
        return
    threshold = round(level + _OVER_NOISE_DB)
    settings = {"threshold_db": float(threshold), "ratio": 10.0, "release_ms": 50.0}
    remedy = Remedy(f"gate at {threshold} dB, ratio 10:1, release 50 ms", "gate", settings)
    pauses = rise > _OPENS_DB and threshold <= loudness - _UNDER_MUSIC_DB
    yield Finding(
        "broadband_noise",
        "hiss",
        level,
        f"{-_AUDIBLE_LU:.0f} dB or more below the loudness",
        "warning" if level - loudness > _ANNOYING_LU else "note",
        f"Steady noise of {level:.0f} dBFS stands between the notes, {loudness - level:.0f} dB below the music. "
        f"{'A gate silences the pauses; to' if pauses else 'To'} take it from under the notes, use a noise reducer.",
        remedy if pauses else None,
    )
