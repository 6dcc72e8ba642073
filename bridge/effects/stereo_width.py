"""Stereo width: how far left and right stand apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity


class StereoWidth(Effect):
    """Side level of each left-right pair. The mono sum never changes; bass under 120 Hz is never widened."""

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
    stage: ClassVar[Stage] = "image"
    units: ClassVar[Mapping[str, str]] = {"%": "width", "x": "width", "": "width"}
    owns: ClassVar[tuple[str, ...]] = ("width",)
    seen_by: ClassVar[str] = "side_to_mid"

    width: Annotated[
        float, quantity(0, 2, "", "Factor of the side: 0 mono, 1 unchanged, 2 twice", soft=(0.5, 1.5))
    ] = 1.0
    mono_below_hz: Annotated[
        float,
        quantity(0, 300, "Hz", "The side below is taken out, so that the bass stands in the middle; 0: off"),
    ] = 0.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.sides import Sides

        return Sides(self.width, rate, channels, self.mono_below_hz)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Narrows what cancels in mono (correlation under 0), widens what is nearly mono (side 15 dB under mid)."""
        correlation, side = analysis.number("correlation"), analysis.number("side_to_mid")
        if amount <= 0 or correlation is None:
            return None
        if correlation < 0:
            return cls(width=round(max(0.5, 1.0 - 0.4 * amount), 2))
        if side is not None and side < -15.0:
            return cls(width=round(min(1.5, 1.0 + 0.3 * amount), 2))
        return None

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """30 % wider."""
        return cls(width=round(1 + 0.3 * min(amount, 2.0), 2))

    def describe(self) -> str:
        low = f"mono below {self.mono_below_hz:.0f} Hz" if self.mono_below_hz else ""
        wide = f"width {self.width:.0%}" if self.width != 1.0 or not low else ""
        return ", ".join(text for text in (wide, low) if text)
