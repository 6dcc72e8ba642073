"""Comparisons for people: a sound beside its reference, and the tracks of an album."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bridge.cli.readings import ReadingsJson, change, doubted, judged, label, told
from bridge.cli.terminal import one_line, say, table

if TYPE_CHECKING:
    from bridge.analysis.album import Album
    from bridge.analysis.reading import Analysis

Entry = Mapping[str, Any]
"""One file of `analyze --json`."""

BESIDE = (
    "integrated_loudness", "short_term_max", "loudness_range", "true_peak", "plr", "crest_factor", "correlation",
    "side_to_mid", "spectral_centroid", "spectral_tilt", "tempo", "key",
)  # fmt: skip

OF_A_TRACK = {
    "integrated_loudness": "LUFS",
    "loudness_range": "LRA",
    "true_peak": "TP dB",
    "plr": "PLR",
    "spectral_tilt": "tilt dB/oct",
    "side_to_mid": "width dB",
    "key": "key",
    "tempo": "BPM",
}
"""Columns of the album table."""

_BAR_DB = 12


def tell_reference(entry: Entry, reference: Analysis, name: str) -> None:
    """This, reference and difference; then the bands of the level-aligned spectra."""
    other = reference.readings_json()
    rows = [_beside(n, entry["readings"], other) for n in BESIDE if n in entry["readings"] and n in other]
    table(("", "this", one_line(name), "difference"), rows, numbers=(1, 2, 3))
    say()
    _tell_bands(entry["reference"]["bands_db"], name)


def _beside(name: str, this: ReadingsJson, other: ReadingsJson) -> tuple[str, ...]:
    guess = doubted(this, name) or doubted(other, name)
    apart = "" if guess else change(judged(other, name), judged(this, name))
    return label(name), told(this, name), told(other, name), apart


def _tell_bands(bands_db: Mapping[str, float], name: str) -> None:
    from bridge.analysis.metrics.bands import BANDS

    rows = [
        (
            band.title,
            f"{band.low_hz:g} to {band.high_hz:g} Hz",
            f"{bands_db[band.name]:+.1f}",
            _bar(bands_db[band.name]),
        )
        for band in BANDS
        if band.name in bands_db
    ]
    if rows:
        say(f"Spectrum with levels aligned, dB above {one_line(name)}:\n")
        table(("band", "", "dB", "less | more"), rows, numbers=(2,))
        say()


def _bar(db: float) -> str:
    """ "   ---|", "      |++": one character a dB."""
    size = min(round(abs(db)), _BAR_DB)
    return ("-" * size).rjust(_BAR_DB) + "|" if db < 0 else " " * _BAR_DB + "|" + "+" * size


def tell_album(album: Album, entries: Sequence[Entry]) -> None:
    """One row a file, median and spread below, and a sentence for what lies far apart."""
    from bridge.analysis.wording import tenth

    rows = [
        (name, *(_cell(entry["readings"], metric) for metric in OF_A_TRACK))
        for name, entry in zip(album.names, entries, strict=True)
    ]
    middle = [tenth(album.medians[metric]) if metric in album.medians else "" for metric in OF_A_TRACK]
    width = [tenth(album.spreads[metric].width) if metric in album.spreads else "" for metric in OF_A_TRACK]
    foot = [("median", *middle), ("spread", *width)]
    table(("file", *OF_A_TRACK.values()), [*rows, *foot], numbers=range(1, len(OF_A_TRACK) + 1))
    say()
    for spread in album.spreads.values():
        if spread.sentence:
            say(one_line(f"{spread.severity}: {spread.sentence}"))
    for outlier in album.outliers:
        say(one_line(f"note: {outlier.sentence}"))
    if album.outliers or any(spread.sentence for spread in album.spreads.values()):
        say()


def _cell(readings: ReadingsJson, metric: str) -> str:
    missing = readings.get(metric, {}).get("value") is None
    return "-" if missing else told(readings, metric, with_unit=False)
