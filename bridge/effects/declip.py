"""Declip: tops that clipping cut flat, rounded again."""

from __future__ import annotations

from typing import ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor

RISE_DB = 6.0
"""How far over the ceiling tops usually come back, at most."""


class Declip(Effect):
    """Puts lost tops back by linear prediction, none lower than the ceiling they were cut at.

    Ceilings are looked for in the whole sound: tops of a single sample at one level again and again are cut off too.
    What is given back lies over the ceiling, so over full scale where that was the ceiling: a limiter, a loudness
    target or a lower gain has to follow. Samples below the ceiling stay as they are, to the bit. Held and sung notes
    come back best; of noise (a cymbal, a snare) nothing can be foretold.
    """

    name: ClassVar[str] = "declip"
    title: ClassVar[str] = "Clipping repair"
    words: ClassVar[tuple[str, ...]] = ("declip", "declipper", "clipping repair")
    example: ClassVar[str] = "fix the clipping"
    stage: ClassVar[Stage] = "repair"
    seen_by: ClassVar[str] = "clipped_tops"
    needs_sound: ClassVar[bool] = True

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Without the sound, ceilings are told from plateaus alone."""
        from bridge.effects.dsp.ceilings import ceilings
        from bridge.effects.dsp.declipping import Declipping

        return Declipping(rate, channels, () if sound is None else ceilings(sound))

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where flat tops stand in three places or more: two may be chance."""
        count = analysis.number("clipped_tops")
        return None if count is None or count < 3 or amount <= 0 else cls()

    def describe(self) -> str:
        return "flat tops rounded as what lies around them foretells"
