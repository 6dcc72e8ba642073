"""Align: a stem moved in time, so that two microphones of one source agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity


class Align(Effect):
    """Later or earlier by any part of a frame, without a change of sound.

    What is moved before the start of the file is lost; what is moved behind its end is kept where tails are.
    How much is found between stems ("align the overheads to the snare"); a sound alone has nothing to agree with.
    """

    name: ClassVar[str] = "align"
    title: ClassVar[str] = "Time alignment"
    words: ClassVar[tuple[str, ...]] = ("align", "alignment", "time align", "time alignment", "nudge")
    example: ClassVar[str] = "nudge it by 12 ms"
    stage: ClassVar[Stage] = "repair"
    units: ClassVar[Mapping[str, str]] = {"ms": "shift_ms", "s": "shift_ms"}

    shift_ms: Annotated[float, quantity(-1000, 1000, "ms", "How much later; below 0: earlier")] = 0.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.moving import Moved

        return Moved(self.shift_ms * rate / 1000, channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """None: one sound alone does not say what it should agree with."""
        return None

    def describe(self) -> str:
        way = "earlier" if self.shift_ms < 0 else "later"
        return f"{abs(self.shift_ms):.3f} ms {way}"

    def tail_s(self) -> float:
        return max(0.0, self.shift_ms / 1000)
