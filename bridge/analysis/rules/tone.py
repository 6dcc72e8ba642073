"""Mud, boom, harshness, dullness: bands against each other.

Levels are of the long-term spectrum, relative to the whole; the limits were set on pink noise (each octave alike)
plus what finished music keeps to, and are wide: a false alarm costs as much as a miss. Sounds whose power lies in
one band by nature (a bass, a cymbal) are left alone: a tone is judged only where the neighbours sound too.
"""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target


def _excess(analysis: Analysis, band: str, neighbours: tuple[str, ...]) -> float | None:
    """dB by which a band stands over the loudest of its neighbours; None where one of them is missing or faint."""
    level = analysis.number(band)
    around = [analysis.number(name) for name in neighbours]
    if level is None or any(x is None or x < -40 for x in around):
        return None
    return level - max(x for x in around if x is not None)


def _bell(frequency_hz: float, gain_db: float, q: float) -> dict[str, object]:
    return {"bands": [{"kind": "bell", "frequency_hz": frequency_hz, "gain_db": gain_db, "q": q}]}


def muddy(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    excess = _excess(analysis, "band_low_mid", ("band_low", "band_mid"))
    if excess is not None and excess > 4.0:
        yield Finding(
            "mud",
            "band_low_mid",
            analysis.number("band_low_mid"),
            "no more than 4 dB above bass and mids",
            "warning",
            f"The low mids (150 to 400 Hz) stand {excess:.1f} dB over bass and mids: it may sound muddy.",
            Remedy("less mud", "equalizer", _bell(260.0, -min(excess / 2, 4.0), 1.2)),
        )


def boomy(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    excess = _excess(analysis, "band_low", ("band_sub", "band_low_mid", "band_mid"))
    if excess is not None and excess > 9.0:
        yield Finding(
            "boom",
            "band_low",
            analysis.number("band_low"),
            "no more than 9 dB above its neighbours",
            "warning",
            f"The bass (60 to 150 Hz) stands {excess:.1f} dB over its neighbours: it may boom.",
            Remedy("less boomy", "equalizer", _bell(100.0, -min(excess / 2, 5.0), 1.2)),
        )


def harsh(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    excess = _excess(analysis, "band_high_mid", ("band_mid", "band_high"))
    if excess is not None and excess > 2.0:
        yield Finding(
            "harsh",
            "band_high_mid",
            analysis.number("band_high_mid"),
            "no more than 2 dB above mids and highs",
            "warning",
            f"The high mids (2 to 5 kHz) stand {excess:.1f} dB over mids and highs: it may sound harsh.",
            Remedy("less harsh", "equalizer", _bell(3200.0, -min(excess / 2, 4.0), 1.0)),
        )


def dull(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    mid, high, air = (analysis.number(name) for name in ("band_mid", "band_high", "band_air"))
    if mid is None or high is None or mid < -12 or high > mid - 32:
        return
    if air is not None and air > mid - 36:
        return
    yield Finding(
        "dull",
        "band_high",
        high,
        "no more than 32 dB below the mids",
        "note",
        f"The highs (5 to 10 kHz) lie {mid - high:.0f} dB below the mids: it may sound dull.",
        Remedy(
            "brighter",
            "equalizer",
            {"bands": [{"kind": "high_shelf", "frequency_hz": 6000.0, "gain_db": 3.0}]},
        ),
    )
