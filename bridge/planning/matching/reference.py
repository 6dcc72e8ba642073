"""Reference: what a sound that another one shall come near to measures, and what a plan promises of that."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import Shape, align
from bridge.errors import BadInput
from bridge.planning.value import Value

Aspect = Literal["eq", "width", "dynamics", "loudness", "limiter"]
ASPECTS: tuple[Aspect, ...] = ("eq", "width", "dynamics", "loudness")
"""What can be matched, each by an amount of its own."""

PARTS: tuple[Aspect, ...] = (*ASPECTS, "limiter")
"""What an option may give an amount: also how much of the usual limiting the loudness may take."""

AIMED_AT: dict[Aspect, str] = {"width": "side_to_mid", "dynamics": "psr"}
"""What is aimed at and not promised, by the metric that tells it."""

Amount = Annotated[float, Field(ge=0, le=1)]

HEAVIEST = 100.0

SHORT_S = 3.0
"""Below that a reference has no short-term loudness, so that its dynamics cannot be told."""

_AVERAGED = (
    "integrated_loudness", "psr", "plr", "loudness_range", "side_to_mid", "width_low", "width_mid", "width_high",
)  # fmt: skip

MEASURED = (*_AVERAGED, "sample_peak", "duration")
"""All that is asked of a reference, and of a rehearsal, beside the third octaves."""


def weighted(text: str) -> tuple[str, float]:
    """ "ref.wav:2" -> path and weight; a colon that no number follows belongs to the path.

    Raises BadInput for a number that is no weight.
    """
    path, colon, weight = text.rpartition(":")
    try:
        number = float(weight) if colon and path else None
    except ValueError:
        number = None
    if number is None:
        return text, 1.0
    if not 0 < number <= HEAVIEST:
        raise BadInput(
            f"{weight[:20]} is no weight of a reference: weights go from above 0 to {HEAVIEST:g}; "
            "write it like ref.wav:2."
        )
    return path, number


class Source(Value):
    """One reference: name for people, and what it counts."""

    name: str
    weight: float = Field(default=1.0, gt=0, le=HEAVIEST)
    seconds: float = 0.0


class Reference(Value):
    """One reference, or the weighted mean of several.

    centre_hz, level_db: third octaves, dB against any zero; None where nothing sounds. readings: by the names of the
    metrics, in their units; one that no reference has is missing.
    """

    sources: tuple[Source, ...]
    centre_hz: tuple[float, ...]
    level_db: tuple[float | None, ...]
    readings: dict[str, float] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """ "ref.wav", or "a.wav and b.wav"."""
        *others, last = [source.name for source in self.sources]
        return f"{', '.join(others)} and {last}" if others else last

    @property
    def shape(self) -> Shape:
        return Shape(self.centre_hz, self.level_db)

    def analysis(self) -> Analysis:
        """As a measured sound, for what draws or compares."""
        made = Analysis.from_readings(dict(self.readings))
        spectrum = {"centre_hz": list(self.centre_hz), "level_db": list(self.level_db)}
        return Analysis(made.readings, curves={"spectrum": spectrum})

    def distance_db(self, analysis: Analysis, without_hz: Collection[float] = ()) -> float | None:
        """Mean distance of the third octaves once levels are aligned, in dB, those of some centres left out; None where
        either has no spectrum."""
        own = Shape.of(analysis.curves)
        aligned = align(own, self.shape) if own else None
        if aligned is None:
            return None
        told = [
            abs(apart)
            for hz, apart in zip(aligned.centre_hz, aligned.difference_db, strict=True)
            if apart is not None and hz not in without_hz
        ]
        return sum(told) / len(told) if told else 0.0


class Matched(Value):
    """What a plan that matches a reference says of itself.

    before_db: distance of the third octaves before. promised_db: after rendering, over those that can be reached; None
    where other wishes change the sound too, so that nothing is promised. unreachable_hz: third octaves that no
    equalizer brings there, because the sound has nothing there or more than the bands may give is asked.
    everywhere_db: what is expected with those. aims: width and dynamics (`AIMED_AT`) as far as the
    amounts go. tried: whether the steps were tried on pieces of the sound and corrected.
    """

    reference: Reference
    amounts: dict[Aspect, Amount]
    before_db: float | None = None
    promised_db: float | None = None
    unreachable_hz: tuple[float, ...] = ()
    everywhere_db: float | None = None
    aims: dict[Aspect, float] = Field(default_factory=dict)
    tried: bool = False


def averaged(measured: Sequence[tuple[Source, Analysis]]) -> Reference:
    """Several references as one: third octaves and readings by their weighted mean in dB, levels aligned first.

    Raises BadInput for a reference that is silent.
    """
    shapes = [(source, _shape(source, analysis)) for source, analysis in measured]
    first = shapes[0][1]
    laid: dict[float, list[tuple[float, float]]] = {}
    for source, shape in shapes:
        together = align(first, shape)
        if together is None:
            raise BadInput(f"{source.name} and {shapes[0][0].name} share no band of the spectrum.")
        for hz, level in shape.held_up().items():
            laid.setdefault(hz, []).append((source.weight, level + together.shift_db))
    centres = tuple(sorted(laid))
    return Reference(
        sources=tuple(source for source, _ in measured),
        centre_hz=centres,
        level_db=tuple(round(_mean(laid[hz]), 2) for hz in centres),
        readings=_readings(measured),
    )


def _shape(source: Source, analysis: Analysis) -> Shape:
    shape = Shape.of(analysis.curves)
    if shape is None or not shape.held_up():
        reading = analysis.readings.get("sample_peak")
        why = reading.reason if reading is not None and reading.reason else "it holds no sound"
        raise BadInput(f"{source.name} cannot be matched: {why}; give another reference.")
    return shape


def _readings(measured: Sequence[tuple[Source, Analysis]]) -> dict[str, float]:
    found = {}
    for name in _AVERAGED:
        values = [
            (source.weight, value)
            for source, analysis in measured
            if (value := analysis.number(name)) is not None and math.isfinite(value)
        ]
        if values:
            found[name] = round(_mean(values), 2)
    return found


def _mean(weighted: Sequence[tuple[float, float]]) -> float:
    total = sum(weight for weight, _ in weighted)
    return sum(weight * value for weight, value in weighted) / total


def full(amounts: Mapping[Aspect, float]) -> dict[Aspect, float]:
    """Amounts of all parts; a part that is not named counts fully."""
    return {part: float(amounts.get(part, 1.0)) for part in ASPECTS}
