"""Reverb: the sound in a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity


class Reverb(Effect):
    """A room by its decay time. Equal-power mix of dry and wet, both equally loud; the tail is kept.

    Rooms shorter than 0.64 s are beyond the reverb that stands behind this (pedalboard's, after Freeverb).
    """

    name: ClassVar[str] = "reverb"
    title: ClassVar[str] = "Reverb"
    words: ClassVar[tuple[str, ...]] = ("reverb", "room", "hall", "space", "ambience", "reverberation")
    stage: ClassVar[Stage] = "space"
    units: ClassVar[Mapping[str, str]] = {"s": "decay_s", "%": "mix"}
    owns: ClassVar[tuple[str, ...]] = ("decay_s", "pre_delay_ms", "damping")
    seen_by: ClassVar[str] = "crest_factor"
    on_the_beat: ClassVar[bool] = True

    decay_s: Annotated[
        float,
        quantity(0.65, 11, "s", "RT60 below 500 Hz: time in which the tail falls by 60 dB", scale="log"),
    ] = 1.5
    pre_delay_ms: Annotated[float, quantity(0, 250, "ms", "Time from the dry sound to the first echo")] = 20.0
    mix: Annotated[float, quantity(0, 1, "", "Share of the room, equal power", soft=(0, 0.6))] = 0.2
    damping: Annotated[float, quantity(0, 1, "", "How much faster treble decays")] = 0.5

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.level import Level
        from bridge.effects.dsp.room import Room

        if self.mix == 0.0:
            return Level(0.0, channels)
        return Room(rate, channels, self.decay_s, self.damping, self.pre_delay_ms, self.mix)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """A decay of two beats where the tempo is known, 1.5 s where it is not; shorter for dense sound."""
        if analysis.number("rms") is None or amount <= 0:
            return None
        tempo = analysis.number("tempo")
        decay = 120.0 / tempo if tempo else 1.5
        return cls(decay_s=round(min(4.0, max(0.65, decay)), 2), mix=round(min(0.6, 0.2 * amount), 2))

    def tail_s(self) -> float:
        return 0.0 if self.mix == 0.0 else self.decay_s + self.pre_delay_ms / 1000.0

    def describe(self) -> str:
        return f"decay {self.decay_s:.2g} s, pre-delay {self.pre_delay_ms:.3g} ms, mix {self.mix:.0%}"
