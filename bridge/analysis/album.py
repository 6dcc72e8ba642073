"""Album: several analyses against their medians, and which of them fall out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bridge.analysis.finding import Severity
from bridge.analysis.judgement import judged_value
from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import Shape, align
from bridge.analysis.target import NEARLY_MONO_DB
from bridge.analysis.wording import tenth
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

WIDE: dict[str, tuple[float, str, str]] = {
    "integrated_loudness": (3.0, "loudest", "softest"),
    "true_peak": (4.0, "highest", "lowest"),
    "loudness_range": (10.0, "most varied", "most even"),
    "plr": (8.0, "most dynamic", "least dynamic"),
    "spectral_tilt": (3.0, "brightest", "darkest"),
    "side_to_mid": (12.0, "widest", "narrowest"),
}
"""Metric -> how far the outermost may lie apart before it is said (own judgement: twice what is noticed of one; 3 LU of
loudness make a listener reach for the knob), and the words for the highest and the lowest."""

_NAMES = {
    "integrated_loudness": "Loudness",
    "true_peak": "True peak",
    "loudness_range": "Loudness range",
    "plr": "PLR",
    "spectral_tilt": "Spectral tilt",
    "side_to_mid": "Width",
}

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
class Spread:
    """The outermost sounds in one metric, in `unit`. sentence: "" where they lie no farther apart than in WIDE."""

    metric: str
    unit: str
    highest: tuple[str, float]
    lowest: tuple[str, float]
    severity: Severity = "note"
    sentence: str = ""

    @property
    def width(self) -> float:
        return self.highest[1] - self.lowest[1]

    def to_json(self) -> dict[str, Any]:
        ends = {
            end: {"name": name, "value": round(value, 2)}
            for end, (name, value) in (("highest", self.highest), ("lowest", self.lowest))
        }
        told = {"severity": self.severity, "sentence": self.sentence} if self.sentence else {}
        return {"spread": round(self.width, 2), "unit": _of_difference(self.unit), **ends, **told}


@dataclass(frozen=True)
class Album:
    """names: the sounds in their order. medians: of every metric that at least one of them has, in its unit.
    spreads: of the metrics of WIDE that two of them have."""

    names: tuple[str, ...]
    medians: Mapping[str, float]
    outliers: tuple[Outlier, ...]
    spreads: Mapping[str, Spread] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "medians": {name: round(value, 3) for name, value in self.medians.items()},
            "spreads": {name: spread.to_json() for name, spread in self.spreads.items()},
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
    told = tuple(sorted(outliers, key=lambda outlier: order.index(outlier.name)))
    return Album(tuple(order), medians, told, dict(_spreads(analyses, values)))


def _spreads(
    analyses: Mapping[str, Analysis], values: Mapping[str, Mapping[str, float]]
) -> Iterator[tuple[str, Spread]]:
    for metric, (wide, most, least) in WIDE.items():
        found = _heard(metric, values.get(metric, {}))
        if len(found) < 2:
            continue
        (high, top), (low, bottom) = (pick(found.items(), key=lambda item: item[1]) for pick in (max, min))
        unit = analyses[high][metric].unit
        severity: Severity = "warning" if metric == "integrated_loudness" else "note"
        sentence = (
            f"{_NAMES[metric]} differs by {tenth(top - bottom)} {_of_difference(unit)} between tracks: "
            f"{most} is {high} ({tenth(top)} {unit}), {least} {low} ({tenth(bottom)} {unit})."
        )
        yield (
            metric,
            Spread(
                metric, unit, (high, top), (low, bottom), severity, sentence if top - bottom > wide else ""
            ),
        )


def _heard(metric: str, found: Mapping[str, float]) -> Mapping[str, float]:
    """Nobody hears how narrow a sound is that is as good as mono."""
    if metric != "side_to_mid":
        return found
    return {name: max(value, NEARLY_MONO_DB) for name, value in found.items()}


def _values(analyses: Mapping[str, Analysis], metric: str) -> dict[str, float]:
    read = ((name, judged_value(analysis, metric)) for name, analysis in analyses.items())
    return {name: value for name, value in read if value is not None}


def _readings(
    analyses: Mapping[str, Analysis], values: Mapping[str, Mapping[str, float]]
) -> Iterator[Outlier]:
    for metric, (apart, more, less) in APART.items():
        found = _heard(metric, values.get(metric, {}))
        for name, middle in _outside(found, apart):
            unit = analyses[name][metric].unit
            away = found[name] - middle
            sentence = (
                f"{name} is {abs(away):.1f} {_of_difference(unit)} {more if away > 0 else less} than the median "
                f"({tenth(found[name])} against {tenth(middle)} {unit})."
            )
            yield Outlier(name, metric, found[name], middle, unit, sentence)


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
