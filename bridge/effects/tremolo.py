"""Tremolo: a level that swings, on both sides together or from side to side (auto-pan)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import model_validator

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.note import note_ms, note_name
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

_SLOWEST_HZ, _FASTEST_HZ = 0.05, 20.0


class Tremolo(Effect):
    """A sine on the gain, from full level down; it begins at full level. A note and a tempo give its rate: one swing a
    note. With `spread` 1 the right side is loud where the left one is quiet."""

    name: ClassVar[str] = "tremolo"
    title: ClassVar[str] = "Tremolo and auto-pan"
    words: ClassVar[tuple[str, ...]] = ("tremolo", "auto pan", "autopan", "pulsating level")
    example: ClassVar[str] = "tremolo at 5 Hz"
    stage: ClassVar[Stage] = "space"
    units: ClassVar[Mapping[str, str]] = {"hz": "rate_hz", "%": "depth", "bpm": "tempo_bpm"}
    seen_by: ClassVar[str] = "tempo"
    on_the_beat: ClassVar[bool] = True

    rate_hz: Annotated[
        float, quantity(_SLOWEST_HZ, _FASTEST_HZ, "Hz", "Swings a second", scale="log", soft=(0.1, 10))
    ] = 5.0
    depth: Annotated[float, quantity(0, 1, "", "How much of the level swings: 1 reaches silence")] = 0.5
    spread: Annotated[float, quantity(0, 1, "", "Right against left: 1 is from side to side")] = 0.0
    note_beats: Annotated[
        float, quantity(0, 8, "beats", "Time of a swing in quarter notes; 0: as rate_hz says")
    ] = 0.0
    tempo_bpm: Annotated[float, quantity(0, 400, "BPM", "Tempo that the note is of; 0: not known")] = 0.0

    @model_validator(mode="before")
    @classmethod
    def _in_time(cls, data: Any) -> Any:
        """The note and the tempo decide the rate, whatever else was said."""
        if not isinstance(data, dict):
            return data
        beats, tempo = data.get("note_beats"), data.get("tempo_bpm")
        if not all(isinstance(each, (int, float)) and each > 0 for each in (beats, tempo)):
            return data
        rate_hz = round(1000.0 / note_ms(float(beats or 0), float(tempo or 1)), 4)
        return {**data, "rate_hz": min(_FASTEST_HZ, max(_SLOWEST_HZ, rate_hz))}

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.modulation import Swing

        return Swing(rate, channels, self.rate_hz, self.depth, 0.5 * self.spread)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Nothing: no measurement calls for a tremolo, only taste does."""
        return None

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """Half of the level; less for less."""
        return cls(depth=round(min(1.0, 0.5 * amount), 3))

    def describe(self) -> str:
        synced = self.note_beats > 0 and self.tempo_bpm > 0
        note = f" ({note_name(self.note_beats)} at {self.tempo_bpm:.5g} BPM)" if synced else ""
        apart = ", from side to side" if self.spread >= 0.5 else ""
        return f"{self.rate_hz:.3g} Hz{note}, depth {self.depth:.0%}{apart}"
