"""How many flat tops, clicks and dropouts there are."""

from __future__ import annotations

from typing import ClassVar

from bridge.analysis.defects import clicks, clipped, dropouts
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class DefectCount(Metric):
    unit = ""
    needs = ("levels", "grid", "flat_tops", "clicks")
    word: ClassVar[str]

    def places(self, passes: Passes) -> list[float]:
        """Seconds at which they are."""
        raise NotImplementedError

    def read(self, passes: Passes) -> float | str:
        passes.levels.peak()
        return float(len(self.places(passes)))

    def explain(self, value: float | str) -> str:
        return f"{number(value):.0f} {self.word} found."


class ClippedTops(DefectCount):
    name = "clipped_tops"
    source = (
        "Own definition: stretches of 10 ms with three or more equal samples, left at an angle, within 0.1 dB of the "
        "highest for about a second (of two such at least) or of the sound's peak"
    )
    sentence = "How many flat tops clipping has left, even if the sound was turned down afterwards."
    word = "flat tops"

    def places(self, passes: Passes) -> list[float]:
        return clipped(passes)


class Clicks(DefectCount):
    name = "clicks"
    source = (
        "Own definition: stretches of 10 ms in which linear prediction (order 32, both sides) leaves a burst of a "
        "tenth of the peak, 6 times as high as what it leaves for 8 ms on either side"
    )
    sentence = "How many clicks there are: wrong samples and splices that break the wave."
    word = "clicks"

    def places(self, passes: Passes) -> list[float]:
        return clicks(passes)


class Dropouts(DefectCount):
    name = "dropouts"
    source = (
        "Own definition: all channels stand still for 20 ms to 1 s with loud sound right before and after"
    )
    sentence = "How often the sound is cut out for a moment."
    word = "dropouts"

    def places(self, passes: Passes) -> list[float]:
        return dropouts(passes)


DEFECT_COUNTS = (ClippedTops(), Clicks(), Dropouts())
