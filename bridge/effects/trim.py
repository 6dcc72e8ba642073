"""Trim: silence off both ends, or a stretch of time kept and the rest cut away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor, Sound
from bridge.effects.quantity import quantity
from bridge.effects.timeline import Timeline
from bridge.errors import Failed
from bridge.units import frames_from_ms, frames_from_s

WORTH_S = 0.25
"""Less silence than that is how a take breathes in, and is left."""


class Trim(Effect):
    """First the stretch of time, then the silence at the ends of what is left. Never cuts into the sound itself:
    what counts as sound is what lies less than `threshold_db` under its highest sample (own definition, that of
    the readings lead_in_silence and lead_out_silence), with `padding_ms` of what surrounds it.

    A cut made inside the file is faded over `declick_ms`, within the padding where there is some. It stands before
    all else that takes time, so that its seconds are those of the source, and before reverbs, whose tails stay whole.
    """

    name: ClassVar[str] = "trim"
    title: ClassVar[str] = "Trim"
    words: ClassVar[tuple[str, ...]] = ("trim the silence", "crop", "trim the ends")
    example: ClassVar[str] = "trim the silence"
    stage: ClassVar[Stage] = "timing"
    units: ClassVar[Mapping[str, str]] = {}
    owns: ClassVar[tuple[str, ...]] = ("padding_ms",)
    seen_by: ClassVar[str] = "lead_in_silence"
    needs_sound: ClassVar[bool] = True
    retimes: ClassVar[bool] = True

    silence: bool = Field(default=True, description="Whether silence at the ends is cut off")
    start_s: Annotated[float, quantity(0, 86400, "s", "Where the part to be kept begins")] = 0.0
    end_s: Annotated[float | None, quantity(0, 86400, "s", "Where the part to be kept ends")] = None
    cut_end_s: Annotated[float, quantity(0, 86400, "s", "How much is cut off the end")] = 0.0
    lead_in: bool = Field(default=True, description="Of silence: that before the sound")
    lead_out: bool = Field(default=True, description="Of silence: that behind the sound")
    threshold_db: Annotated[
        float, quantity(-100, -20, "dB", "Below the highest sample: what lies under it is silence")
    ] = -60.0
    padding_ms: Annotated[float, quantity(0, 5000, "ms", "Silence left before and after the sound")] = 50.0
    declick_ms: Annotated[float, quantity(0, 100, "ms", "Fade at each cut")] = 5.0

    def timeline(self, sound: Sound) -> Timeline:
        first, end = self._kept(sound)
        return Timeline(end - first, float(first))

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Raises Failed without the sound: where it ends is known only then."""
        from bridge.effects.dsp.edges import Kept

        if sound is None:
            raise Failed("A trim needs the whole sound; render it instead of streaming it.")
        first, end = self._kept(sound)
        fade = min(frames_from_ms(self.declick_ms, rate), (end - first) // 2)
        kept = Kept(channels, first, end, fade if first else 0, fade if end < sound.frames else 0)
        if self.start_s * rate >= max(sound.frames, 1) or (self.end_s or 1.0) <= 0:
            kept.warnings = ("the part to be kept lies outside of the sound; nothing was cut.",)
        return kept

    def _kept(self, sound: Sound) -> tuple[int, int]:
        """First and end frame. What would leave nothing leaves all."""
        first, end = self._asked_for(sound)
        if not self.silence:
            return first, end
        from bridge.effects.dsp.edges import sounding

        begins, ends = sounding(sound, self.threshold_db)
        if begins == ends:
            return first, end
        padding = frames_from_ms(self.padding_ms, sound.rate)
        kept_first = max(first, begins - padding) if self.lead_in else first
        kept_end = min(end, ends + padding) if self.lead_out else end
        return (kept_first, kept_end) if kept_first < kept_end else (first, end)

    def _asked_for(self, sound: Sound) -> tuple[int, int]:
        first = frames_from_s(self.start_s, sound.rate)
        end = sound.frames if self.end_s is None else min(sound.frames, frames_from_s(self.end_s, sound.rate))
        end -= frames_from_s(self.cut_end_s, sound.rate)
        return (first, end) if first < end else (0, sound.frames)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where more than a quarter of a second is silent before or after the sound."""
        before, after = analysis.number("lead_in_silence"), analysis.number("lead_out_silence")
        if amount <= 0 or max(before or 0.0, after or 0.0) <= WORTH_S:
            return None
        return cls(lead_in=(before or 0.0) > WORTH_S, lead_out=(after or 0.0) > WORTH_S)

    def describe(self) -> str:
        parts = []
        if self.start_s or self.end_s is not None:
            parts.append(
                f"{self.start_s:g} s to {'the end' if self.end_s is None else f'{self.end_s:g} s'} kept"
            )
        if self.cut_end_s:
            parts.append(f"the last {self.cut_end_s:g} s cut off")
        if self.silence and (self.lead_in or self.lead_out):
            ends = [said for said, is_on in (("start", self.lead_in), ("end", self.lead_out)) if is_on]
            parts.append(
                f"silence (under {self.threshold_db:g} dB of the peak) off the {' and '.join(ends)}, "
                f"{self.padding_ms:g} ms left"
            )
        return "; ".join(parts) or "nothing"
