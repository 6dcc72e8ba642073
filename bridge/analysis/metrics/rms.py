"""Plain RMS level."""

from __future__ import annotations

from bridge.analysis.level import decibels
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class Rms(Metric):
    name = "rms"
    unit = "dBFS"
    source = (
        "Root mean square over all channels; 0 dBFS is a full-scale square, "
        "a full-scale sine reads -3.01 (AES17 would say 0)"
    )
    sentence = "The average level of the signal, without regard to the ear."
    needs = ("levels",)
    law = "level"

    def read(self, passes: Passes) -> float | str:
        return decibels(float(passes.levels.power().mean()) ** 0.5)

    def explain(self, value: float | str) -> str:
        return f"{number(value):.1f} dBFS on average (a full-scale sine reads -3.0)."
