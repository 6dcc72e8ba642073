"""Reverb: the sound in a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.note import note_ms
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

_RETURN_HZ = (200.0, 9000.0)
"""What engineers commonly leave of a room: no mud under the voice, no hiss of sibilants."""

_MONO_SAFE = 0.65
"""Left and right of the room correlate by 0.4: (1 - w^2) / (1 + w^2)."""

_DENSE_HZ = 4.0
"""Onsets a second from which two beats of tail cover the next ones."""


class Reverb(Effect):
    """A room by its decay time. Equal-power mix of dry and wet, both equally loud; the tail is kept.

    Rooms shorter than 0.64 s are beyond the reverb that stands behind this (pedalboard's, after Freeverb).
    """

    name: ClassVar[str] = "reverb"
    title: ClassVar[str] = "Reverb"
    words: ClassVar[tuple[str, ...]] = ("reverb", "room", "hall", "space", "ambience", "reverberation")
    example: ClassVar[str] = "reverb with 2 s decay"
    stage: ClassVar[Stage] = "space"
    decides_by: ClassVar[tuple[str, ...]] = ("tempo", "onset_rate")
    decides: ClassVar[str] = (
        "lasts two beats, or one where more than four onsets a second leave no room, 1.5 s without a tempo"
    )
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
    low_cut_hz: Annotated[float, quantity(0, 2000, "Hz", "The room loses what lies below; 0: off")] = 0.0
    high_cut_hz: Annotated[float, quantity(0, 20000, "Hz", "The room loses what lies above; 0: off")] = 0.0
    room_width: Annotated[
        float,
        quantity(0, 1, "", "How unlike left and right are: 1 not alike at all, 0.65 safe in mono, 0 mono"),
    ] = 1.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.level import Level
        from bridge.effects.dsp.room import Room

        if self.mix == 0.0:
            return Level(0.0, channels)
        cut_hz = (self.low_cut_hz, self.high_cut_hz)
        return Room(
            rate, channels, self.decay_s, self.damping, self.pre_delay_ms, self.mix, cut_hz, self.room_width
        )

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """In time where the tempo is known: a decay of two beats (of one, where that is not too short and more than
        four onsets a second leave no room) after a 64th note; 1.5 s after 20 ms where it is not known. Rumble and
        hiss get no room, and left and right share enough to hold in mono."""
        if analysis.number("rms") is None or amount <= 0:
            return None
        decay, before = _in_time(analysis.number("tempo"), analysis.number("onset_rate"))
        top = min(_RETURN_HZ[1], 0.4 * analysis.rate) if analysis.rate else _RETURN_HZ[1]
        return cls(
            decay_s=round(min(4.0, max(0.65, decay)), 2),
            pre_delay_ms=round(before, 1),
            mix=round(min(0.6, 0.2 * amount), 2),
            low_cut_hz=_RETURN_HZ[0],
            high_cut_hz=round(top),
            room_width=_MONO_SAFE,
        )

    def tail_s(self) -> float:
        return 0.0 if self.mix == 0.0 else self.decay_s + self.pre_delay_ms / 1000.0

    def describe(self) -> str:
        low = f", low cut {self.low_cut_hz:.0f} Hz" if self.low_cut_hz else ""
        high = f", high cut {self.high_cut_hz:.0f} Hz" if self.high_cut_hz else ""
        said = f"decay {self.decay_s:.2g} s, pre-delay {self.pre_delay_ms:.3g} ms, mix {self.mix:.0%}"
        return f"{said}{low}{high}"


def _in_time(tempo_bpm: float | None, onsets_hz: float | None) -> tuple[float, float]:
    """Decay in s and pre-delay in ms."""
    if not tempo_bpm:
        return 1.5, 20.0
    beat_s = 60.0 / tempo_bpm
    dense = onsets_hz is not None and onsets_hz > _DENSE_HZ
    return max(beat_s, 0.65) if dense else 2 * beat_s, min(250.0, note_ms(1 / 16, tempo_bpm))
