"""Sharp s and sh of a voice."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy
from bridge.analysis.reading import Analysis
from bridge.analysis.sibilance import LIMIT_DB
from bridge.analysis.target import Target

_STRONG_DB = 5.0


def sibilance(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    value = analysis.number("sibilance")
    if value is None or value <= LIMIT_DB:
        return
    places = analysis.places("sibilance")
    first = f", first at {places[0]:.1f} s" if places else ""
    yield Finding(
        "sibilance",
        "sibilance",
        value,
        f"at most {LIMIT_DB:g} dB",
        "warning",
        f"S sounds burst out {value:.0f} dB over the vowels{first}: the voice is too sibilant.",
        Remedy("much less sibilant") if value > _STRONG_DB else Remedy("less sibilant"),
        places[0] if places else None,
    )
