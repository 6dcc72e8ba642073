"""Loudness: a target in LUFS under a ceiling in dBTP, hit or honestly missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.errors import Failed


class Loudness(Effect):
    """A constant gain into the true-peak limiter, the gain solved on the whole sound.

    Up to 40 dB of gain. Where loudness is undefined (silence, under 0.4 s) nothing is raised and only the ceiling
    holds. What cannot be reached is said, with the best value.
    """

    name: ClassVar[str] = "loudness"
    title: ClassVar[str] = "Loudness target"
    words: ClassVar[tuple[str, ...]] = (
        "loudness",
        "lufs",
        "normalize",
        "normalise",
        "master level",
        "loudness target",
    )
    example: ClassVar[str] = "-14 LUFS, ceiling -1 dBTP"
    stage: ClassVar[Stage] = "loudness"
    decides_by: ClassVar[tuple[str, ...]] = ("integrated_loudness", "true_peak")
    decides: ClassVar[str] = "goes to -14 LUFS under -1 dBTP where the loudness lies more than 0.5 LU away"
    units: ClassVar[Mapping[str, str]] = {
        "lufs": "target_lufs",
        "dbtp": "ceiling_dbtp",
        "db": "target_lufs",
        "": "target_lufs",
    }
    owns: ClassVar[tuple[str, ...]] = ("target_lufs",)
    needs_sound: ClassVar[bool] = True

    target_lufs: Annotated[
        float, quantity(-36, -6, "LUFS", "Integrated loudness of the result", soft=(-24, -8))
    ] = -14.0
    ceiling_dbtp: Annotated[
        float, quantity(-24, -0.1, "dBTP", "True peak that nothing passes", soft=(-6, -0.3))
    ] = -1.0
    max_limiting_db: Annotated[
        float, quantity(0, 30, "dB", "How far the limiter may be driven for the target")
    ] = 30.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Raises Failed without the sound: the gain follows from all of it."""
        from bridge.effects.dsp.loudness_gain import Goal, settled_chain

        if sound is None:
            raise Failed("A loudness target needs the whole sound; render it instead of streaming it.")
        return settled_chain(sound, Goal(self.target_lufs, self.ceiling_dbtp, self.max_limiting_db))

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """-14 LUFS under -1 dBTP, where the sound is more than 0.5 LU away from it or over the ceiling."""
        lufs, peak = analysis.number("integrated_loudness"), analysis.number("true_peak")
        if lufs is None or amount <= 0 or (abs(lufs + 14.0) <= 0.5 and (peak is None or peak <= -1.0)):
            return None
        return cls()

    def describe(self) -> str:
        return f"{self.target_lufs:.1f} LUFS, ceiling {self.ceiling_dbtp:.1f} dBTP"
