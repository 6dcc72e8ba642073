"""Channels: polarity of each side, and sides that stand the wrong way round."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor


class Channels(Effect):
    """Turns the polarity over, of all channels or of one side of the front pair, and swaps left and right.

    Polarity belongs to the channel as it comes in: the right one is turned over first and swapped afterwards. In
    surround, left and right are the front ones, and every left-right pair is swapped. Levels stay as they are.
    """

    name: ClassVar[str] = "channels"
    title: ClassVar[str] = "Polarity and sides"
    words: ClassVar[tuple[str, ...]] = (
        "polarity",
        "invert the polarity",
        "phase invert",
        "swap left and right",
        "swap channels",
    )
    example: ClassVar[str] = "swap left and right"
    stage: ClassVar[Stage] = "repair"
    owns: ClassVar[tuple[str, ...]] = ("swap",)

    invert: bool = Field(default=False, description="Polarity of all channels turned over")
    invert_left: bool = Field(default=False, description="Polarity of the left channel turned over")
    invert_right: bool = Field(default=False, description="Polarity of the right channel turned over")
    swap: bool = Field(default=False, description="Left and right changed over")

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.routing import Routing

        return Routing(self.invert, (self.invert_left, self.invert_right), self.swap, channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Nothing: whether a polarity is wrong, only who knows the recording can tell; a finding says when to ask."""
        return None

    def describe(self) -> str:
        done = {
            "polarity inverted": self.invert,
            "left inverted": self.invert_left,
            "right inverted": self.invert_right,
            "left and right swapped": self.swap,
        }
        return ", ".join(words for words, on in done.items() if on) or "channels as they are"
