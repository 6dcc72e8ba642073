"""Flanger: a comb that sweeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

_DEEPEST = 0.25
"""Of the library's depth: a swing of 2.5 ms, as far as the comb is heard as one."""


class Flanger(Effect):
    """A copy a few ms late, fed back, whose delay swings (pedalboard's chorus, after JUCE)."""

    name: ClassVar[str] = "flanger"
    title: ClassVar[str] = "Flanger"
    words: ClassVar[tuple[str, ...]] = ("flanger", "flange", "flanging", "jet sound")
    example: ClassVar[str] = "add a flanger"
    stage: ClassVar[Stage] = "space"
    units: ClassVar[Mapping[str, str]] = {"hz": "rate_hz", "ms": "delay_ms", "%": "mix"}
    seen_by: ClassVar[str] = "spectral_centroid"

    rate_hz: Annotated[float, quantity(0.05, 10, "Hz", "Swings a second", scale="log", soft=(0.05, 2))] = 0.25
    depth: Annotated[float, quantity(0, 1, "", "How far the delay swings: 1 is 2.5 ms to both sides")] = 0.7
    delay_ms: Annotated[float, quantity(1, 10, "ms", "Middle of the delay", scale="log")] = 3.0
    feedback: Annotated[
        float, quantity(0, 0.9, "", "Share of the copy that goes round again", soft=(0, 0.7))
    ] = 0.4
    mix: Annotated[float, quantity(0, 1, "", "Share of the copy, equal power", soft=(0, 0.6))] = 0.5

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.level import Level
        from bridge.effects.dsp.modulation import chorus

        if self.mix == 0.0:
            return Level(0.0, channels)
        depth = _DEEPEST * self.depth
        return chorus(rate, channels, self.rate_hz, depth, self.delay_ms, self.feedback, 0.0, self.mix)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Nothing: no measurement calls for a flanger, only taste does."""
        return None

    def tail_s(self) -> float:
        return 0.0 if self.mix == 0.0 else 0.01 + 4.0 * self.delay_ms / 1000.0 / (1.0 - self.feedback)

    def describe(self) -> str:
        said = f"{self.rate_hz:.2g} Hz, depth {self.depth:.0%}, delay {self.delay_ms:.3g} ms"
        return f"{said}, feedback {self.feedback:.0%}, mix {self.mix:.0%}"
