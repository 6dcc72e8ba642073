"""Limiter: no true peak above the ceiling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity


class Limiter(Effect):
    """Look-ahead limiter on true peaks at 16x, channels linked; adds no delay and no make-up gain."""

    name: ClassVar[str] = "limiter"
    title: ClassVar[str] = "True-peak limiter"
    words: ClassVar[tuple[str, ...]] = ("limit", "limiter", "limiting", "brickwall", "ceiling", "true peak")
    example: ClassVar[str] = "limit to -6 dBTP"
    stage: ClassVar[Stage] = "ceiling"
    decides_by: ClassVar[tuple[str, ...]] = ("true_peak",)
    decides: ClassVar[str] = "limits where the true peak stands over -1 dBTP"
    units: ClassVar[Mapping[str, str]] = {
        "db": "ceiling_dbtp",
        "dbfs": "ceiling_dbtp",
        "dbtp": "ceiling_dbtp",
        "": "ceiling_dbtp",
        "ms": "release_ms",
    }
    owns: ClassVar[tuple[str, ...]] = ("ceiling_dbtp",)

    ceiling_dbtp: Annotated[
        float, quantity(-24, -0.1, "dBTP", "True peak that nothing passes", soft=(-6, -0.3))
    ] = -1.0
    release_ms: Annotated[
        float, quantity(5, 1000, "ms", "Time constant of coming back after a peak", scale="log")
    ] = 80.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.limiting import Limiting

        return Limiting(rate, channels, self.ceiling_dbtp, self.release_ms)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """A ceiling of -1 dBTP where the true peak is above it."""
        peak = analysis.number("true_peak")
        return None if peak is None or peak <= -1.0 or amount <= 0 else cls()

    def describe(self) -> str:
        return f"ceiling {self.ceiling_dbtp:.1f} dBTP, release {self.release_ms:.3g} ms"
