"""How long the sound is."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class Duration(Metric):
    name = "duration"
    unit = "s"
    source = "frames / rate"
    sentence = "How long the sound is."
    needs = ()

    def read(self, passes: Passes) -> float | str:
        return passes.seconds

    def explain(self, value: float | str) -> str:
        return f"{number(value):.2f} s of sound."
