"""Delay: echoes that repeat and fade."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.note import note_ms, note_name, tapped_bpm
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.units import frames_from_ms

LONGEST_TAIL_S = 30.0
_SHORTEST_MS, _LONGEST_MS = 1.0, 6000.0


class Delay(Effect):
    """Echoes every `time_ms`, each `feedback` times the one before. The tail is kept until it is 60 dB down.

    A note and a tempo give the time: `{"note_beats": 0.75, "tempo_bpm": 120}` is a dotted eighth, 375 ms. Ping-pong
    begins with the middle of the sound on the left and changes sides at each echo. The cuts work in the loop, so that
    each echo is darker or thinner than the one before.
    """

    name: ClassVar[str] = "delay"
    title: ClassVar[str] = "Delay"
    words: ClassVar[tuple[str, ...]] = ("delay", "echo", "echoes", "slapback", "repeats")
    example: ClassVar[str] = "delay of 300 ms, feedback 30 %"
    stage: ClassVar[Stage] = "space"
    decides_by: ClassVar[tuple[str, ...]] = ("tempo", "tempo_confidence")
    decides: ClassVar[str] = "repeats on the quarter note of the tempo, counted between 70 and 180 BPM"
    units: ClassVar[Mapping[str, str]] = {"ms": "time_ms", "s": "time_ms", "%": "mix", "bpm": "tempo_bpm"}
    owns: ClassVar[tuple[str, ...]] = ("feedback", "ping_pong")
    seen_by: ClassVar[str] = "tempo"
    on_the_beat: ClassVar[bool] = True
    refines: ClassVar[tuple[str, ...]] = ("note_beats", "tempo_bpm")

    time_ms: Annotated[
        float, quantity(_SHORTEST_MS, _LONGEST_MS, "ms", "Time from the sound to its echo", scale="log")
    ] = 350.0
    feedback: Annotated[
        float, quantity(0, 0.9, "", "Level of each echo as a part of the one before", soft=(0, 0.6))
    ] = 0.3
    mix: Annotated[
        float, quantity(0, 1, "", "Share of the echoes; the dry sound has the rest", soft=(0, 0.5))
    ] = 0.25
    note_beats: Annotated[
        float,
        quantity(
            0, 8, "beats", "Time to the echo in quarter notes: 0.75 is a dotted eighth; 0: as time_ms says"
        ),
    ] = 0.0
    tempo_bpm: Annotated[float, quantity(0, 400, "BPM", "Tempo that the note is of; 0: not known")] = 0.0
    low_cut_hz: Annotated[float, quantity(0, 2000, "Hz", "Echoes lose what lies below; 0: off")] = 0.0
    high_cut_hz: Annotated[float, quantity(0, 20000, "Hz", "Echoes lose what lies above; 0: off")] = 0.0
    ping_pong: bool = Field(default=False, description="Echoes alternate between left and right")

    @model_validator(mode="before")
    @classmethod
    def _in_time(cls, data: Any) -> Any:
        """The note and the tempo decide the time, whatever else was said."""
        if not isinstance(data, dict):
            return data
        beats, tempo = data.get("note_beats"), data.get("tempo_bpm")
        if not all(isinstance(each, (int, float)) and each > 0 for each in (beats, tempo)):
            return data
        time_ms = round(note_ms(float(beats or 0), float(tempo or 1)), 3)
        return {**data, "time_ms": min(_LONGEST_MS, max(_SHORTEST_MS, time_ms))}

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.echo import Echo, Loop

        frames = frames_from_ms(self.time_ms, rate)
        if not (self.ping_pong or self.low_cut_hz or self.high_cut_hz):
            return Echo(frames, self.feedback, self.mix, channels)
        cuts = (self.low_cut_hz, self.high_cut_hz)
        return Loop(frames, self.feedback, self.mix, rate, channels, cuts, self.ping_pong)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """A quarter note where the tempo is known, in the octave that people tap."""
        tempo = analysis.number("tempo")
        if tempo is None or not 0 < tempo <= 400 or amount <= 0:
            return None
        return cls(
            note_beats=1.0, tempo_bpm=round(tapped_bpm(tempo), 2), mix=round(min(0.5, 0.2 * amount), 2)
        )

    def tail_s(self) -> float:
        if self.mix == 0.0:
            return 0.0
        repeats = 1 + (math.ceil(3.0 / -math.log10(self.feedback)) if self.feedback > 0 else 0)
        return min(repeats * self.time_ms / 1000.0, LONGEST_TAIL_S)

    def describe(self) -> str:
        synced = self.note_beats > 0 and self.tempo_bpm > 0
        note = f" ({note_name(self.note_beats)} at {self.tempo_bpm:.5g} BPM)" if synced else ""
        said = [f"{self.time_ms:.4g} ms{note}", f"feedback {self.feedback:.0%}", f"mix {self.mix:.0%}"]
        said += ["ping-pong"] if self.ping_pong else []
        said += [f"low cut {self.low_cut_hz:.0f} Hz"] if self.low_cut_hz else []
        said += [f"high cut {self.high_cut_hz:.0f} Hz"] if self.high_cut_hz else []
        return ", ".join(said)
