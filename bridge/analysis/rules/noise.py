"""Noise that stays when the music pauses."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target

_STEADY_DB = 1.5
_PAUSES_DB = 6.0
_AUDIBLE_LU = -52.0
"""Music at 80 dB SPL leaves such noise at 28 dB SPL, as loud as a quiet room."""

_ANNOYING_LU = -42.0

_HIDDEN_LU = -62.0
"""Where noise is to lie: 10 dB below a quiet room."""

_LEAST_DB, _MOST_DB = 10.0, 24.0
"""More than that, and what is left of the music around it is heard."""


def broadband_noise(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    level, unrest, rise = (analysis.number(name) for name in ("hiss", "hiss_unrest", "hiss_rise"))
    loudness = analysis.number("integrated_loudness")
    if level is None or unrest is None or rise is None or loudness is None:
        return
    if unrest > _STEADY_DB or rise < _PAUSES_DB or level - loudness < _AUDIBLE_LU:
        return
    amount_db = round(min(_MOST_DB, max(_LEAST_DB, level - loudness - _HIDDEN_LU)))
    yield Finding(
        "broadband_noise",
        "hiss",
        level,
        f"{-_AUDIBLE_LU:.0f} dB or more below the loudness",
        "warning" if level - loudness > _ANNOYING_LU else "note",
        f"Steady noise of {level:.0f} dBFS stands between the notes, {loudness - level:.0f} dB below the music.",
        Remedy(f"denoise by {amount_db} dB", "denoise", {"amount_db": float(amount_db)}),
    )
