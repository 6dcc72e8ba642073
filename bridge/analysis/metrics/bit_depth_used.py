"""Bits really used."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.passes.grid import FINEST
from bridge.analysis.wording import number


class BitDepthUsed(Metric):
    name = "bit_depth_used"
    unit = "bit"
    source = "Own definition: the coarsest grid of 2 / 2^bits of full scale on which every sample stands, 24 at most"
    sentence = "How many bits the samples really use, whatever the file holds."
    needs = ("grid",)

    def read(self, passes: Passes) -> float | str:
        return float(passes.grid.bits)

    def explain(self, value: float | str) -> str:
        finer = " or finer" if number(value) >= FINEST else ""
        return f"The samples stand on a grid of {number(value):.0f} bits{finer}."
