"""Stereo width: how far left and right stand apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

BASS_HZ = 120.0
"""Where engineers fold the low end: a cutter head's usual corner."""


class WidthBand(BaseModel):
    """The width from a frequency on, up to the next band."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    above_hz: Annotated[float, quantity(20, 16000, "Hz", "Where this width begins", scale="log")]
    width: Annotated[
        float, quantity(0, 4, "", "Factor of the side from there on: 1 unchanged", soft=(0.5, 1.5))
    ] = 1.0


class StereoWidth(Effect):
    """Side level of each left-right pair. The mono sum never changes; bass under 120 Hz is never widened unasked.

    By frequency: `{"width": 1.0, "bands": [{"above_hz": 200, "width": 1.2}, {"above_hz": 4000, "width": 1.5}]}`, at
    most four. `width` holds below the lowest band, and everywhere where there is none; each band holds from its
    `above_hz` to the next one's, with a third of an octave of transition. A band that begins below 120 Hz has asked
    for it. The side of a pair is multiplied by that curve in zero phase (an own filter of 100 ms, no delay).
    `decorrelation` makes a side where there is none, from the mid.
    """

    name: ClassVar[str] = "stereo_width"
    title: ClassVar[str] = "Stereo width"
    words: ClassVar[tuple[str, ...]] = (
        "width",
        "wide",
        "wider",
        "narrow",
        "narrower",
        "stereo width",
        "widen",
        "mono",
    )
    example: ClassVar[str] = "20 % wider"
    stage: ClassVar[Stage] = "image"
    decides_by: ClassVar[tuple[str, ...]] = ("correlation", "side_to_mid")
    decides: ClassVar[str] = (
        "narrows what cancels in mono (correlation under 0) and widens sides that lie 15 dB under the middle"
    )
    units: ClassVar[Mapping[str, str]] = {"%": "width", "x": "width", "": "width"}
    owns: ClassVar[tuple[str, ...]] = ("width", "decorrelation")
    seen_by: ClassVar[str] = "side_to_mid"

    width: Annotated[
        float, quantity(0, 2, "", "Factor of the side: 0 mono, 1 unchanged, 2 twice", soft=(0.5, 1.5))
    ] = 1.0
    mono_below_hz: Annotated[
        float,
        quantity(0, 300, "Hz", "The side below is taken out, so that the bass stands in the middle; 0: off"),
    ] = 0.0
    bands: tuple[WidthBand, ...] = Field(
        default=(), max_length=4, description="Widths of their own from a frequency on"
    )
    decorrelation: Annotated[
        float,
        quantity(0, 1, "", "Side made from the mid, for mono sound: 1 is as loud as the mid", soft=(0, 0.5)),
    ] = 0.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.side_curve import SideCurve
        from bridge.effects.dsp.sides import Sides

        if not self.bands and not self.decorrelation:
            return Sides(self.width, rate, channels, self.mono_below_hz)
        bands = [(band.above_hz, band.width) for band in self.bands]
        return SideCurve(rate, channels, self.width, bands, self.mono_below_hz, self.decorrelation)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Narrows what cancels in mono (correlation under 0), in its band where only one does; widens what is nearly
        mono (side 15 dB under mid), by a side made from the mid where there is none to raise (40 dB)."""
        correlation, side = analysis.number("correlation"), analysis.number("side_to_mid")
        if amount <= 0 or correlation is None:
            return None
        if correlation < 0:
            return cls(width=round(max(0.5, 1.0 - 0.4 * amount), 2))
        if correlation > 0.999 and (side is None or side < -40.0):
            return cls(decorrelation=round(min(0.5, 0.25 * amount), 2))
        wider = round(min(1.5, 1.0 + 0.3 * amount), 2) if side is not None and side < -15.0 else 1.0
        low, high = analysis.number("correlation_low"), analysis.number("correlation_high")
        opposed = high is not None and high < 0
        made = cls(
            width=wider,
            mono_below_hz=BASS_HZ if low is not None and low < 0 else 0.0,
            bands=(WidthBand(above_hz=2000, width=round(max(0.4, 1 - 0.4 * amount), 2)),) if opposed else (),
        )
        return None if made == cls() else made

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """30 % wider."""
        return cls(width=round(1 + 0.3 * min(amount, 2.0), 2))

    def describe(self) -> str:
        low = f"mono below {self.mono_below_hz:.0f} Hz" if self.mono_below_hz else ""
        plain = bool(low or self.bands or self.decorrelation)
        wide = f"width {self.width:.0%}" if self.width != 1.0 or not plain else ""
        bands = [f"width {band.width:.0%} from {band.above_hz:.0f} Hz" for band in self.bands]
        made = f"side from the mid {self.decorrelation:.0%}" if self.decorrelation else ""
        return ", ".join(text for text in (wide, low, *bands, made) if text)
