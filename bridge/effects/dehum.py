"""Dehum: mains hum and its harmonics, followed and subtracted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.metrics.hum import HUM_DB
from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.errors import Failed


class Dehum(Effect):
    """Finds the course of the mains frequency in the whole sound, and takes out each harmonic that stands out.

    Notches that stay where they are were used before and not kept: mains drifts by more at its tenth harmonic than a
    notch may be wide that leaves the notes beside it. The first and last seconds are treated like the rest.
    """

    name: ClassVar[str] = "dehum"
    title: ClassVar[str] = "Hum removal"
    words: ClassVar[tuple[str, ...]] = ("dehum", "hum removal", "hum remover")
    example: ClassVar[str] = "remove the 50 Hz hum"
    stage: ClassVar[Stage] = "repair"
    units: ClassVar[Mapping[str, str]] = {"hz": "mains_hz", "db": "depth_db"}
    seen_by: ClassVar[str] = "hum"
    needs_sound: ClassVar[bool] = True

    mains_hz: Annotated[
        float, quantity(45, 65, "Hz", "Frequency of the mains; it is followed from there")
    ] = 50.0
    harmonics: Annotated[
        float, quantity(1, 40, "", "How many harmonics are looked for; those that do not stand out stay")
    ] = 20.0
    depth_db: Annotated[float, quantity(6, 60, "dB", "How far the hum goes down", soft=(12, 60))] = 60.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Raises Failed without the sound: the hum's course is found in all of it."""
        from bridge.effects.dsp.dehumming import Dehumming
        from bridge.effects.dsp.hum_track import find_hum
        from bridge.effects.dsp.untouched import Untouched

        if sound is None:
            raise Failed("Hum removal needs the whole sound; render it instead of streaming it.")
        track = find_hum(sound, self.mains_hz, round(self.harmonics))
        if track is None:
            said = f"no hum of {self.mains_hz:g} Hz stands out; nothing was taken."
            return Untouched(channels, (said,))
        return Dehumming(track, rate, channels, sound.frames, self.depth_db)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where the mains comb stands 5 dB clearer than those beside it."""
        clear, mains = analysis.number("hum"), analysis.number("hum_frequency")
        if clear is None or mains is None or clear < HUM_DB or amount <= 0:
            return None
        return cls(mains_hz=mains, depth_db=round(min(60.0, max(6.0, 60.0 * amount)), 1))

    @classmethod
    def unneeded(cls, analysis: Analysis) -> str | None:
        clear = analysis.number("hum")
        if clear is None or clear >= HUM_DB:
            return None
        return (
            f"no hum: the mains comb stands {clear:.1f} dB over those beside it, hum from {HUM_DB:.0f} dB on"
        )

    def describe(self) -> str:
        return f"up to {self.harmonics:.0f} harmonics of {self.mains_hz:g} Hz, {self.depth_db:.0f} dB down"
