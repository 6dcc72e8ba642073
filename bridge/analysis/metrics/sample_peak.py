"""Sample peak."""

from __future__ import annotations

from bridge.analysis.level import decibels
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class SamplePeak(Metric):
    name = "sample_peak"
    unit = "dBFS"
    source = "AES17-2020 3.12.1 (0 dBFS is the largest sample value); own definition as maximum over channels"
    sentence = "The highest sample."
    needs = ("levels",)
    law = "level"

    def read(self, passes: Passes) -> float | str:
        return decibels(passes.levels.peak())

    def explain(self, value: float | str) -> str:
        return f"The highest sample lies at {number(value):.1f} dBFS."
