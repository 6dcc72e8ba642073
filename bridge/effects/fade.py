"""Fade: in from silence at the start, out to silence at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.errors import Failed
from bridge.units import frames_from_s

ABRUPT_DB = -40.0
"""Above that, against the peak, a first or last moment is heard as a cut."""

_SHORT_S = {"in": 0.01, "out": 0.5}


class Fade(Effect):
    """Gains that start and end at exactly 0. Where both fades are longer than the sound, they overlap.

    Shapes (own choice, all usual in DAWs): "linear" in amplitude; "equal_power", a quarter of a sine, which leaves
    silence quickly; "s_curve", half a cosine, which is gentle at both ends.
    """

    name: ClassVar[str] = "fade"
    title: ClassVar[str] = "Fade"
    words: ClassVar[tuple[str, ...]] = ("fade", "fade in", "fade out")
    example: ClassVar[str] = "fade out over 3 seconds"
    stage: ClassVar[Stage] = "edges"
    units: ClassVar[Mapping[str, str]] = {}
    seen_by: ClassVar[str] = "end_level"
    needs_sound: ClassVar[bool] = True

    in_s: Annotated[float, quantity(0, 60, "s", "How long the sound rises at its start", soft=(0, 30))] = 0.0
    out_s: Annotated[float, quantity(0, 60, "s", "How long the sound falls at its end", soft=(0, 30))] = 0.0
    shape: Literal["linear", "equal_power", "s_curve"] = Field(
        default="s_curve",
        description="How the level comes and goes: evenly, sooner loud, or softly at both ends",
    )

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Raises Failed without the sound: where a fade-out begins follows from the length."""
        from bridge.effects.dsp.edges import Fades

        if sound is None:
            raise Failed(
                "A fade needs the whole sound, to know where it ends; render it instead of streaming it."
            )
        rise, fall = frames_from_s(self.in_s, rate), frames_from_s(self.out_s, rate)
        return Fades(sound.frames, rise, fall, self.shape, self.shape, channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where the first or last 5 ms lie less than 40 dB under the peak: 10 ms in, half a second out."""
        start_db, end_db = analysis.number("start_level"), analysis.number("end_level")
        rise = _SHORT_S["in"] if start_db is not None and start_db > ABRUPT_DB else 0.0
        fall = _SHORT_S["out"] * amount if end_db is not None and end_db > ABRUPT_DB else 0.0
        return cls(in_s=rise, out_s=round(fall, 3)) if amount > 0 and (rise or fall) else None

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """What "fade out" means where no length is said: 4 s, or a tenth of a short sound."""
        return cls(out_s=usual_s(analysis, amount))

    def describe(self) -> str:
        parts = [
            f"{said} {length:g} s" for said, length in (("in", self.in_s), ("out", self.out_s)) if length
        ]
        return f"{' and '.join(parts) or 'none'}, {self.shape.replace('_', ' ')}"


def usual_s(analysis: Analysis | None, amount: float = 1.0) -> float:
    """Length of a fade that nobody gave a length: 4 s, at most a tenth of the sound."""
    tenth = 0.1 * analysis.seconds if analysis is not None and analysis.seconds else 4.0
    return round(min(60.0, min(4.0, tenth) * max(amount, 0.1)), 3)
