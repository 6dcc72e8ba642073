"""Declick: clicks, crackle and wrong samples, put right as what lies around them foretells."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

_PLAIN = 0.5


class Declick(Effect):
    """Finds and mends up to 1.5 ms at a time in each channel; all other samples pass as they are.

    Clicks are judged as the click meter judges them. What sets in and goes on is no click, and neither is a wave whose
    every period is sharp. In loud, noisy passages faint clicks are not told from the noise, nor heard.
    """

    name: ClassVar[str] = "declick"
    title: ClassVar[str] = "Click repair"
    words: ClassVar[tuple[str, ...]] = ("declick", "declicker", "click repair", "decrackle")
    example: ClassVar[str] = "remove the clicks"
    stage: ClassVar[Stage] = "repair"
    seen_by: ClassVar[str] = "clicks"

    sensitivity: Annotated[
        float, quantity(0, 1, "", "How small a break is looked at: 0 is 12 times the usual, 1 is 3 times")
    ] = _PLAIN

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.declicking import Declicking

        return Declicking(rate, channels, 12.0 * 4.0**-self.sensitivity)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where the meter counts a click."""
        count = analysis.number("clicks")
        if count is None or count < 1 or amount <= 0:
            return None
        return cls(sensitivity=_held(amount))

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        return cls(sensitivity=_held(amount))

    def describe(self) -> str:
        return f"breaks of up to 1.5 ms mended, sensitivity {self.sensitivity:.2g}"


def _held(amount: float) -> float:
    return round(min(1.0, _PLAIN * amount), 2)
