"""Phaser: notches that sweep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity


class Phaser(Effect):
    """Six all-passes beside the dry sound (pedalboard's, after JUCE), the right ones in another phase than the left."""

    name: ClassVar[str] = "phaser"
    title: ClassVar[str] = "Phaser"
    words: ClassVar[tuple[str, ...]] = ("phaser", "phasing", "swirl", "swirling")
    example: ClassVar[str] = "add a phaser"
    stage: ClassVar[Stage] = "space"
    units: ClassVar[Mapping[str, str]] = {"hz": "rate_hz", "%": "mix"}
    seen_by: ClassVar[str] = "spectral_centroid"

    rate_hz: Annotated[float, quantity(0.05, 10, "Hz", "Swings a second", scale="log", soft=(0.05, 3))] = 0.4
    depth: Annotated[float, quantity(0, 1, "", "How far the notches sweep")] = 0.5
    centre_hz: Annotated[float, quantity(200, 5000, "Hz", "Middle of the sweep", scale="log")] = 1000.0
    feedback: Annotated[float, quantity(0, 0.9, "", "How sharp the notches are", soft=(0, 0.7))] = 0.2
    spread: Annotated[float, quantity(0, 1, "", "Right against left: 1 is half a swing apart")] = 0.25
    mix: Annotated[
        float, quantity(0, 1, "", "Share of what is turned in phase; 0.5 has the deepest notches")
    ] = 0.5

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.level import Level
        from bridge.effects.dsp.modulation import phaser

        if self.mix == 0.0:
            return Level(0.0, channels)
        apart = 0.5 * self.spread
        return phaser(
            rate, channels, self.rate_hz, self.depth, self.centre_hz, self.feedback, apart, self.mix
        )

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Nothing: no measurement calls for a phaser, only taste does."""
        return None

    def describe(self) -> str:
        said = f"{self.rate_hz:.2g} Hz around {self.centre_hz:.0f} Hz, depth {self.depth:.0%}"
        return f"{said}, mix {self.mix:.0%}"
