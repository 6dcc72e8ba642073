"""Dynamic equalizer: bands that move only while there is too much in them, or too little."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.equalizer import hertz
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

_KINDS = {"bell": "", "low_shelf": "low shelf ", "high_shelf": "high shelf "}


class DynamicBand(BaseModel):
    """One band: a bell, or a shelf of first order (6 dB an octave)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["bell", "low_shelf", "high_shelf"] = Field(
        default="bell", description="The shape of the band"
    )
    frequency_hz: Annotated[
        float, quantity(20, 20000, "Hz", "Centre of a bell, corner of a shelf", scale="log")
    ] = 1000.0
    q: Annotated[float, quantity(0.1, 20, "", "How narrow a bell is", scale="log")] = 1.0
    threshold_db: Annotated[
        float, quantity(-90, 0, "dBFS", "Peak level in the band beyond which its gain moves")
    ] = -30.0
    range_db: Annotated[
        float, quantity(-18, 18, "dB", "The gain at its farthest: a cut below 0", soft=(-9, 9))
    ] = -4.0
    moves: Literal["above", "below"] = Field(
        default="above", description="Whether it moves while the level is over the threshold, or under it"
    )
    slope: Annotated[
        float, quantity(0.05, 4, "dB/dB", "dB of gain for each dB beyond the threshold", scale="log")
    ] = 0.5
    attack_ms: Annotated[float, quantity(0.1, 250, "ms", "Time constant of moving away", scale="log")] = 10.0
    release_ms: Annotated[float, quantity(5, 2500, "ms", "Time constant of coming back", scale="log")] = 120.0

    def describe(self) -> str:
        where = "over" if self.moves == "above" else "under"
        return (
            f"{_KINDS[self.kind]}up to {self.range_db:+.1f} dB at {hertz(self.frequency_hz)} "
            f"{where} {self.threshold_db:.1f} dBFS"
        )


_FAULTS: Mapping[str, tuple[float, float]] = {
    "boom": (110.0, 1.4),
    "mud": (260.0, 1.0),
    "boxiness": (500.0, 1.2),
    "harshness": (3500.0, 1.0),
}
"""Metric -> middle in Hz and Q of the bell that mends it, as the findings have them (analysis.rules.tone)."""

_WORTH_DB = 2.0
"""Of a fault, less than a finding: what only comes and goes reads low on the average of a whole song."""
_LEAST_DB, _MOST_DB = 2.0, 6.0
_PEAKS_DB = 8.0
"""How far the loud moments of a band stand over its mean level."""


class DynamicEqualizer(Effect):
    """Up to 8 bands side by side; minimum phase, no delay. One detector a band for all channels."""

    name: ClassVar[str] = "dynamic_equalizer"
    title: ClassVar[str] = "Dynamic EQ"
    words: ClassVar[tuple[str, ...]] = (
        "dynamic eq", "dynamic equalizer", "dynamic equaliser", "dynamic equalization", "dynamic equalisation",
    )  # fmt: skip
    example: ClassVar[str] = "dynamic eq"
    stage: ClassVar[Stage] = "dynamics"
    units: ClassVar[Mapping[str, str]] = {"%": "mix"}
    seen_by: ClassVar[str] = "harshness"

    bands: tuple[DynamicBand, ...] = Field(default=(), max_length=8, description="Bands, side by side")
    mix: Annotated[float, quantity(0, 1, "", "Share of the range that the bands may use")] = 1.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.dynamic_bands import DynamicBands, Moving

        moving = [
            Moving(
                band.kind,
                band.frequency_hz,
                band.q,
                band.threshold_db,
                band.range_db * self.mix,
                band.moves == "above",
                band.slope,
                band.attack_ms,
                band.release_ms,
            )
            for band in self.bands
            if band.range_db * self.mix
        ]
        names = tuple(hertz(band.frequency_hz) for band in moving)
        return DynamicBands(moving, rate, channels, names)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """A cut for each of boom, mud, boxiness and harshness that stands over 2 dB above what the rest lets expect, as
        deep as that; it moves in the loud moments of its band and leaves the others."""
        found = []
        for metric, (hz, q) in _FAULTS.items():
            height = analysis.number(metric)
            if height is not None and height > _WORTH_DB and amount > 0:
                found.append(_cut(analysis, hz, q, height * amount))
        return cls(bands=tuple(found)) if found else None

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """Where nothing stands out: 3 dB off the loud moments of mud and harshness."""
        places = [_FAULTS["mud"], _FAULTS["harshness"]]
        return cls(bands=tuple(_cut(analysis, hz, q, 3.0 * amount) for hz, q in places))

    def describe(self) -> str:
        return "; ".join(band.describe() for band in self.bands) or "no bands"


def _cut(analysis: Analysis | None, hz: float, q: float, depth_db: float) -> DynamicBand:
    threshold = _level_db(analysis, hz, q) if analysis else None
    return DynamicBand(
        frequency_hz=hz,
        q=q,
        threshold_db=-36.0 if threshold is None else round(max(-90.0, min(0.0, threshold)), 1),
        range_db=round(-max(_LEAST_DB, min(_MOST_DB, depth_db)), 1),
        slope=1.0,
    )


def _level_db(analysis: Analysis, hz: float, q: float) -> float | None:
    """Where the loud moments of a band begin, in dBFS peak; None where the spectrum was not measured."""
    import math

    rms, curve = analysis.number("rms"), analysis.curves.get("spectrum")
    if rms is None or not curve:
        return None
    reach = 2 ** (0.5 / q)
    power = sum(
        10 ** (level / 10)
        for centre, level in zip(curve["centre_hz"], curve["level_db"], strict=True)
        if level is not None and hz / reach <= centre <= hz * reach
    )
    return rms + (10 * math.log10(power) if power > 0 else -60.0) + _PEAKS_DB
