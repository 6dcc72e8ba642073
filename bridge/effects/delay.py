"""Delay: echoes that repeat and fade."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.units import frames_from_ms

LONGEST_TAIL_S = 30.0


class Delay(Effect):
    """Echoes every `time_ms`, each `feedback` times the one before. The tail is kept until it is 60 dB down."""

    name: ClassVar[str] = "delay"
    title: ClassVar[str] = "Delay"
    words: ClassVar[tuple[str, ...]] = ("delay", "echo", "echoes", "slapback", "repeats")
    stage: ClassVar[Stage] = "space"
    units: ClassVar[Mapping[str, str]] = {"ms": "time_ms", "s": "time_ms", "%": "mix"}
    owns: ClassVar[tuple[str, ...]] = ("feedback",)
    seen_by: ClassVar[str] = "tempo"
    on_the_beat: ClassVar[bool] = True

    time_ms: Annotated[float, quantity(1, 2000, "ms", "Time from the sound to its echo", scale="log")] = 350.0
    feedback: Annotated[
        float, quantity(0, 0.9, "", "Level of each echo as a part of the one before", soft=(0, 0.6))
    ] = 0.3
    mix: Annotated[
        float, quantity(0, 1, "", "Share of the echoes; the dry sound has the rest", soft=(0, 0.5))
    ] = 0.25

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.echo import Echo

        return Echo(frames_from_ms(self.time_ms, rate), self.feedback, self.mix, channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """A quarter note where the tempo is known."""
        tempo = analysis.number("tempo")
        if tempo is None or tempo <= 0 or amount <= 0:
            return None
        return cls(time_ms=round(min(2000.0, 60_000.0 / tempo), 2), mix=round(min(0.5, 0.2 * amount), 2))

    def tail_s(self) -> float:
        if self.mix == 0.0:
            return 0.0
        repeats = 1 + (math.ceil(3.0 / -math.log10(self.feedback)) if self.feedback > 0 else 0)
        return min(repeats * self.time_ms / 1000.0, LONGEST_TAIL_S)

    def describe(self) -> str:
        return f"{self.time_ms:.4g} ms, feedback {self.feedback:.0%}, mix {self.mix:.0%}"
