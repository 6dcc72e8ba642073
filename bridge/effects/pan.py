"""Pan: the sound to one side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity


class Pan(Effect):
    """Moves all of a stereo sound: the far side goes over, none of it is lost (a true stereo pan).

    A sound that is the same left and right follows the equal-power law: -3 dB in the middle against one side alone, and
    the same power wherever it stands. Sides that have nothing to do with each other lose up to 3 dB on the way. In
    surround every left-right pair moves.
    """

    name: ClassVar[str] = "pan"
    title: ClassVar[str] = "Pan"
    words: ClassVar[tuple[str, ...]] = (
        "pan", "panned", "panning", "to the left", "to the right", "hard left", "hard right", "pan left", "pan right",
    )  # fmt: skip
    example: ClassVar[str] = "pan 30 % left"
    stage: ClassVar[Stage] = "image"
    units: ClassVar[Mapping[str, str]] = {"%": "position"}
    owns: ClassVar[tuple[str, ...]] = ("position",)
    seen_by: ClassVar[str] = "balance"

    position: Annotated[float, quantity(-100, 100, "%", "-100 left, 0 as it is, 100 right")] = 0.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.panning import Sides2x2, panned

        return Sides2x2(panned(self.position / 100), channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Nothing: where a sound shall stand, nobody can measure; sides that differ are the balance's part."""
        return None

    def describe(self) -> str:
        side = "right" if self.position > 0 else "left"
        return f"{abs(self.position):.0f} % {side}" if self.position else "where it is"
