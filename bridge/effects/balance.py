"""Balance: the level of left against right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

_FITS_DB = 0.3
"""What ears do not hear as off the middle."""

_MOST_DB = 20.0
"""A side that lies further down is no matter of balance: it is missing."""


class Balance(Effect):
    """Raises one side and lowers the other by half of the difference each; nothing goes from side to side."""

    name: ClassVar[str] = "balance"
    title: ClassVar[str] = "Balance"
    words: ClassVar[tuple[str, ...]] = (
        "balance",
        "left right balance",
        "balance the sides",
        "level the sides",
    )
    example: ClassVar[str] = "balance left and right"
    stage: ClassVar[Stage] = "image"
    units: ClassVar[Mapping[str, str]] = {"db": "right_over_left_db"}
    owns: ClassVar[tuple[str, ...]] = ("right_over_left_db",)
    seen_by: ClassVar[str] = "balance"

    right_over_left_db: Annotated[
        float, quantity(-24, 24, "dB", "How much the right is raised against the left", soft=(-20, 20))
    ] = 0.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.panning import Sides2x2, balanced

        return Sides2x2(balanced(self.right_over_left_db), channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """The measured difference of the sides, mended; none where it is below 0.3 dB, or so great that a side is
        missing (20 dB)."""
        found = analysis.number("balance")
        if found is None or amount <= 0 or not _FITS_DB < abs(found) <= _MOST_DB:
            return None
        return cls(right_over_left_db=round(-found * min(amount, 1.0), 2))

    def describe(self) -> str:
        louder = "right" if self.right_over_left_db > 0 else "left"
        return f"{louder} {abs(self.right_over_left_db):.1f} dB up against the other side"
