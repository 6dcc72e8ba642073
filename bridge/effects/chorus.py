"""Chorus: copies of the sound whose pitch and time waver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity


class Chorus(Effect):
    """A copy a channel with a delay that swings (pedalboard's, after JUCE), the right one in another phase.

    Equal-power mix of dry and wet. The swing always starts at the same place.
    """

    name: ClassVar[str] = "chorus"
    title: ClassVar[str] = "Chorus"
    words: ClassVar[tuple[str, ...]] = ("chorus", "chorusing", "doubling", "double track", "doubler")
    example: ClassVar[str] = "add chorus"
    stage: ClassVar[Stage] = "space"
    units: ClassVar[Mapping[str, str]] = {"hz": "rate_hz", "ms": "delay_ms", "%": "mix"}
    seen_by: ClassVar[str] = "correlation"

    rate_hz: Annotated[float, quantity(0.05, 10, "Hz", "Swings a second", scale="log", soft=(0.1, 3))] = 0.8
    depth: Annotated[
        float, quantity(0, 1, "", "How far the delay swings: 1 is 10 ms to both sides", soft=(0, 0.5))
    ] = 0.2
    delay_ms: Annotated[float, quantity(1, 50, "ms", "Middle of the delay", scale="log")] = 9.0
    feedback: Annotated[
        float, quantity(0, 0.9, "", "Share of the copy that goes round again", soft=(0, 0.5))
    ] = 0.0
    spread: Annotated[float, quantity(0, 1, "", "Right against left: 1 is half a swing apart")] = 0.5
    mix: Annotated[float, quantity(0, 1, "", "Share of the copies, equal power", soft=(0, 0.6))] = 0.4

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.level import Level
        from bridge.effects.dsp.modulation import chorus

        if self.mix == 0.0:
            return Level(0.0, channels)
        apart = 0.5 * self.spread
        return chorus(rate, channels, self.rate_hz, self.depth, self.delay_ms, self.feedback, apart, self.mix)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Nothing: no measurement calls for a chorus, only taste does."""
        return None

    def tail_s(self) -> float:
        return (
            0.0 if self.mix == 0.0 else (self.delay_ms + 10.0 * self.depth) / 1000.0 / (1.0 - self.feedback)
        )

    def describe(self) -> str:
        return (
            f"{self.rate_hz:.2g} Hz, depth {self.depth:.0%}, delay {self.delay_ms:.3g} ms, mix {self.mix:.0%}"
        )
