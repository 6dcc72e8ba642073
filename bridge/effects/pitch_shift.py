"""Pitch shift: higher or lower at the same length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

_WORTH_CENTS, _SURE = 4.0, 0.6


class PitchShift(Effect):
    """Rubber Band in its fine mode, kept to time (`dsp/rubber_band.py`). Semitones and cents add up.

    keep_formants: the resonances of a voice or a body stay where they are, so that a singer does not turn into a
    giant or a gnome. Off, all moves together, as with a tape that runs at another speed.
    """

    name: ClassVar[str] = "pitch_shift"
    title: ClassVar[str] = "Pitch shift"
    words: ClassVar[tuple[str, ...]] = ("pitch shift", "transpose", "pitch")
    example: ClassVar[str] = "up two semitones"
    stage: ClassVar[Stage] = "timing"
    units: ClassVar[Mapping[str, str]] = {"st": "semitones", "cents": "cents"}
    seen_by: ClassVar[str] = "tuning"

    semitones: Annotated[float, quantity(-24, 24, "semitones", "How much higher", soft=(-12, 12))] = 0.0
    cents: Annotated[float, quantity(-100, 100, "cents", "How much higher, in hundredths")] = 0.0
    keep_formants: bool = Field(
        default=True,
        description="The resonances of a voice stay where they are; off, all moves, as with a tape",
    )

    @property
    def shift(self) -> float:
        """In semitones."""
        return self.semitones + self.cents / 100

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.stretching import Stretching

        return Stretching(rate, channels, 1.0, self.shift, self.keep_formants)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """To A = 440 Hz, where the key is clear and the tuning lies more than 4 cents beside it."""
        tuning, sure = analysis.number("tuning"), analysis.number("key_confidence")
        if tuning is None or sure is None or sure < _SURE or abs(tuning) <= _WORTH_CENTS or amount <= 0:
            return None
        return cls(cents=round(-tuning, 1))

    def describe(self) -> str:
        formants = "formants kept" if self.keep_formants else "formants moved too"
        said = f"{self.shift:+.2f} semitones" if abs(self.shift) >= 1 else f"{self.shift * 100:+.1f} cents"
        return f"{said}, length and {formants}" if self.keep_formants else f"{said}, length kept, {formants}"
