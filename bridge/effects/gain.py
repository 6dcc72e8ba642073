"""Gain: louder or quieter by a number of dB."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

STAGING_RMS_DBFS = -18.0
STAGING_CEILING_DBTP = -6.0
_FITS_DB = 0.1


class Gain(Effect):
    """A constant gain. The two optional numbers are what gain staging promised; the result is checked against them."""

    name: ClassVar[str] = "gain"
    title: ClassVar[str] = "Gain"
    words: ClassVar[tuple[str, ...]] = (
        "gain",
        "volume",
        "level",
        "louder",
        "quieter",
        "turn up",
        "turn down",
    )
    example: ClassVar[str] = "gain -3 dB"
    stage: ClassVar[Stage] = "level"
    decides_by: ClassVar[tuple[str, ...]] = ("rms", "true_peak")
    decides: ClassVar[str] = "goes to -18 dBFS RMS with no true peak over -6 dBTP"
    units: ClassVar[Mapping[str, str]] = {"db": "gain_db", "lu": "gain_db"}

    gain_db: Annotated[float, quantity(-24, 24, "dB", "How much louder or quieter", soft=(-12, 12))] = 0.0
    rms_target_dbfs: Annotated[
        float | None, quantity(-60, 0, "dBFS", "RMS level that gain staging aims at; checked after rendering")
    ] = None
    ceiling_dbtp: Annotated[
        float | None,
        quantity(-24, 0, "dBTP", "True peak that gain staging stays under; checked after rendering"),
    ] = None

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.level import Level

        return Level(self.gain_db, channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Gain staging to -18 dBFS RMS under -6 dBTP; `amount` of the way there."""
        staged = cls.staging(analysis)
        if staged is None or amount == 1.0:
            return staged
        return cls(gain_db=max(-24.0, min(24.0, staged.gain_db * amount)))

    @classmethod
    def staging(
        cls,
        analysis: Analysis,
        rms_target_dbfs: float = STAGING_RMS_DBFS,
        ceiling_dbtp: float = STAGING_CEILING_DBTP,
    ) -> Self | None:
        """The gain that brings the RMS level to the target without passing the ceiling.

        None where it already fits, and where there is no level to stage (silence).
        """
        rms, peak = analysis.number("rms"), analysis.number("true_peak_strict")
        if peak is None:
            peak = analysis.number("true_peak")
        if rms is None or peak is None:
            return None
        gain_db = min(rms_target_dbfs - rms, ceiling_dbtp - peak)
        if abs(gain_db) <= _FITS_DB and peak <= ceiling_dbtp:
            return None
        span = cls.quantities()["gain_db"]
        rounded = math.floor(gain_db * 1000) / 1000  # down, so that the ceiling holds
        return cls(gain_db=span.clamp(rounded), rms_target_dbfs=rms_target_dbfs, ceiling_dbtp=ceiling_dbtp)

    def describe(self) -> str:
        return f"{self.gain_db:+.1f} dB"
