"""Saturation: harmonics from a soft curve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.units import gain_from_db

Kind = Literal["soft", "tape", "tube", "transistor"]


class Saturation(Effect):
    """A curve, oversampled to 352.8 kHz or more; level made up so that a sine of -12 dBFS peak stays as loud.

    soft: hyperbolic tangent, odd harmonics. tape: bends earlier and less. tube: even harmonics above the odd ones.
    transistor: clean until nearly full, then hard. The curves are own choices of closed forms, no models of devices.
    """

    name: ClassVar[str] = "saturation"
    title: ClassVar[str] = "Saturation"
    words: ClassVar[tuple[str, ...]] = (
        "saturate", "saturation", "drive", "overdrive", "distort", "distortion", "tape", "harmonics",
    )  # fmt: skip
    example: ClassVar[str] = "tape saturation with 6 dB drive"
    stage: ClassVar[Stage] = "colour"
    units: ClassVar[Mapping[str, str]] = {"db": "drive_db", "%": "mix"}
    owns: ClassVar[tuple[str, ...]] = ("drive_db",)
    seen_by: ClassVar[str] = "crest_factor"

    kind: Kind = Field(
        default="soft", description="Shape of the curve: soft, tape, tube (even harmonics), transistor"
    )
    drive_db: Annotated[float, quantity(0, 36, "dB", "Gain into the curve", soft=(0, 18))] = 6.0
    mix: Annotated[float, quantity(0, 1, "", "Share of the saturated sound")] = 1.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.level import Level
        from bridge.effects.dsp.shaping import Saturator

        if self.mix == 0.0:
            return Level(0.0, channels)
        return Saturator(rate, channels, gain_from_db(self.drive_db), self.mix, self.kind)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where treble is short (tilt steeper than -6 dB an octave): a little drive, half mixed in."""
        tilt = analysis.number("spectral_tilt")
        if tilt is None or tilt >= -6.0 or amount <= 0:
            return None
        return cls(drive_db=round(min(36.0, 6.0 * amount), 1), mix=0.5)

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """Less drive and a smaller share for less."""
        plain = cls()
        return cls(
            drive_db=round(min(36.0, plain.drive_db * amount), 2), mix=round(min(1.0, plain.mix * amount), 3)
        )

    def describe(self) -> str:
        kind = "" if self.kind == "soft" else f"{self.kind}, "
        return f"{kind}drive {self.drive_db:.1f} dB, mix {self.mix:.0%}"
