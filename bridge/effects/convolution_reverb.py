"""Convolution reverb: the sound in a room by its impulse response, made from a seed or read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.impulse_files import LONGEST_S
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.effects.reverb import Reverb

RoomKind = Literal["room", "hall", "plate", "spring"]


class ConvolutionReverb(Effect):
    """Equal-power mix of dry and wet, both equally loud for noise; the dry sound is not delayed, the tail is kept.

    Without a file the response is made from `kind`, `decay_s`, `damping` and `seed` (own models: see
    dsp/made_rooms.py). With one, it has 1, 2 or 4 channels (true stereo: LL LR RL RR) at any rate and at most 20 s, and
    `sha256` is that of its sound; another sound under the same name is refused.
    """

    name: ClassVar[str] = "convolution_reverb"
    title: ClassVar[str] = "Convolution reverb"
    words: ClassVar[tuple[str, ...]] = (
        "convolution reverb",
        "convolution",
        "impulse response",
        "spring reverb",
        "plate reverb",
    )
    example: ClassVar[str] = "convolution reverb"
    stage: ClassVar[Stage] = "space"
    units: ClassVar[Mapping[str, str]] = {"s": "decay_s", "%": "mix", "ms": "pre_delay_ms"}
    seen_by: ClassVar[str] = "crest_factor"
    on_the_beat: ClassVar[bool] = True

    kind: RoomKind = Field(default="hall", description="Room that is made where no file is named")
    decay_s: Annotated[
        float,
        quantity(
            0.1,
            8,
            "s",
            "RT60 below 1 kHz: time in which the tail falls by 60 dB; a file has its own",
            scale="log",
        ),
    ] = 1.8
    damping: Annotated[float, quantity(0, 1, "", "How much faster treble decays")] = 0.5
    pre_delay_ms: Annotated[float, quantity(0, 250, "ms", "Time from the dry sound to the room")] = 15.0
    low_cut_hz: Annotated[float, quantity(0, 2000, "Hz", "The room loses what lies below; 0: off")] = 0.0
    high_cut_hz: Annotated[float, quantity(0, 20000, "Hz", "The room loses what lies above; 0: off")] = 0.0
    mix: Annotated[float, quantity(0, 1, "", "Share of the room, equal power", soft=(0, 0.6))] = 0.2
    seed: int = Field(default=0, ge=0, le=2**31, description="Another one is another room of the same kind")
    file: str = Field(default="", max_length=4096, description="Impulse response to use instead, as a path")
    sha256: str = Field(
        default="", pattern="^([0-9a-f]{64})?$", description="Of the file's sound, which it must have"
    )

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.convolving import convolved
        from bridge.effects.dsp.level import Level

        return convolved(self, rate, channels) if self.mix > 0 else Level(0.0, channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """In time and without rumble and hiss, as the reverb decides it."""
        found = Reverb.auto(analysis, amount)
        if found is None:
            return None
        shared = ("decay_s", "pre_delay_ms", "low_cut_hz", "high_cut_hz", "mix")
        return cls(**{name: getattr(found, name) for name in shared})

    def tail_s(self) -> float:
        if self.mix == 0.0:
            return 0.0
        return (LONGEST_S if self.file else 1.1 * self.decay_s) + self.pre_delay_ms / 1000.0

    def describe(self) -> str:
        own = f"{self.kind}, decay {self.decay_s:.2g} s"
        room = f"room of {self.file.replace(chr(92), '/').rsplit('/', 1)[-1]}" if self.file else own
        low = f", low cut {self.low_cut_hz:.0f} Hz" if self.low_cut_hz else ""
        high = f", high cut {self.high_cut_hz:.0f} Hz" if self.high_cut_hz else ""
        return f"{room}, pre-delay {self.pre_delay_ms:.3g} ms, mix {self.mix:.0%}{low}{high}"
