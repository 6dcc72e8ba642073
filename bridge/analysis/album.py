"""Album: several analyses against their medians, and which of them fall out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import Shape, align
from bridge.analysis.target import NEARLY_MONO_DB
from bridge.errors import BadInput

APART: dict[str, tuple[float, str, str]] = {
    "integrated_loudness": (2.0, "louder", "quieter"),
    "loudness_range": (5.0, "more varied in loudness", "more even in loudness"),
    "true_peak": (2.0, "higher in true peak", "lower in true peak"),
    "plr": (4.0, "more dynamic (PLR)", "less dynamic (PLR)"),
    "spectral_tilt": (1.5, "brighter", "darker"),
    "side_to_mid": (6.0, "wider", "narrower"),
}
"""Metric -> how far from the median, in its unit, a listener notices within an album (own judgement), and the words
for more and for less of it."""

BAND_APART_DB = 5.0
"""The same for a named band of the level-aligned spectrum; own judgement."""

SPREAD = 3.0
"""An album that varies by intent has no outlier for varying: one must also lie this many median distances away."""

FEWEST = 3
"""Of two sounds neither is the odd one."""


@dataclass(frozen=True)
class Outlier:
    """One sound that lies apart from the others in one metric. `difference` is to the median, in `unit`."""

    name: str
    metric: str
    value: float
    median: float
    unit: str
    sentence: str

    @property
    def difference(self) -> float:
        return self.value - self.median

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "metric": self.metric,
            "value": round(self.value, 2),
            "median": round(self.median, 2),
            "difference": round(self.difference, 2),
            "unit": self.unit,
            "sentence": self.sentence,
        }


@dataclass(frozen=True)
class Album:
    """names: the sounds in their order. medians: of every metric that at least one of them has, in its unit."""

    names: tuple[str, ...]
    medians: Mapping[str, float]
    outliers: tuple[Outlier, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "medians": {name: round(value, 3) for name, value in self.medians.items()},
            "outliers": [outlier.to_json() for outlier in self.outliers],
        }


def compare_all(analyses: Mapping[str, Analysis]) -> Album:
    """The sounds of an album by name: medians, and outliers from FEWEST sounds on. Raises BadInput for none."""
    if not analyses:
        raise BadInput("An album needs at least one sound.")
    names = {name: None for analysis in analyses.values() for name in analysis.readings}
    values = {metric: _values(analyses, metric) for metric in names}
    medians = {metric: median(found.values()) for metric, found in values.items() if found}
    outliers = [*_readings(analyses, values), *_tones(analyses)] if len(analyses) >= FEWEST else []
    order = list(analyses)
    return Album(
        tuple(order), medians, tuple(sorted(outliers, key=lambda outlier: order.index(outlier.name)))
    )


def _values(analyses: Mapping[str, Analysis], metric: str) -> dict[str, float]:
    read = ((name, analysis.number(metric)) for name, analysis in analyses.items())
    return {name: value for name, value in read if value is not None}


def _readings(
    analyses: Mapping[str, Analysis], values: Mapping[str, Mapping[str, float]]
) -> Iterator[Outlier]:
    for metric, (apart, more, less) in APART.items():
        found = values.get(metric, {})
        if metric == "side_to_mid":
            found = {name: max(value, NEARLY_MONO_DB) for name, value in found.items()}
        for name, middle in _outside(found, apart):
            unit = analyses[name][metric].unit
            away = found[name] - middle
            sentence = (
                f"{name} is {abs(away):.1f} {_of_difference(unit)} {more if away > 0 else less} than the median "
                f"({_tenth(found[name])} against {_tenth(middle)} {unit})."
            )
            yield Outlier(name, metric, found[name], middle, unit, sentence)


def _tenth(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}"  # never "-0.0"


def _of_difference(unit: str) -> str:
    """A difference of levels is in LU or dB, whatever the levels are against."""
    return {"LUFS": "LU", "dBTP": "dB", "dBFS": "dB"}.get(unit, unit)


def _tones(analyses: Mapping[str, Analysis]) -> Iterator[Outlier]:
    """Bands of each spectrum, all aligned to the first one's level, against the median of the band."""
    from bridge.analysis.metrics.bands import BANDS

    shapes = {name: shape for name, a in analyses.items() if (shape := Shape.of(a.curves)) is not None}
    if len(shapes) < FEWEST:
        return
    first = next(iter(shapes.values()))
    aligned = {name: found.bands_db for name, shape in shapes.items() if (found := align(shape, first))}
    for band in BANDS:
        levels = {name: bands[band.name] for name, bands in aligned.items() if band.name in bands}
        for name, middle in _outside(levels, BAND_APART_DB):
            away = levels[name] - middle
            sentence = (
                f"{name}, with levels aligned: the {band.title} ({band.low_hz:g} to {band.high_hz:g} Hz) "
                f"{abs(away):.1f} dB {'above' if away > 0 else 'below'} the median."
            )
            yield Outlier(name, band.name, levels[name], middle, "dB", sentence)


def _outside(values: Mapping[str, float], apart: float) -> Iterator[tuple[str, float]]:
    """Names of the values that lie apart from the rest, with the median."""
    if len(values) < FEWEST:
        return
    middle = median(values.values())
    spread = median(abs(value - middle) for value in values.values())
    for name, value in values.items():
        if abs(value - middle) > max(apart, SPREAD * spread):
            yield name, middle
