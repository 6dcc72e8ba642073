"""Onset rate."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number, pick


class OnsetRate(Metric):
    name = "onset_rate"
    unit = "1/s"
    source = (
        "Own definition: peaks of the onset strength (rise of level over 24 bands) that stand out, per second"
    )
    sentence = "How many notes and hits begin in a second; what begins together counts once."
    needs = ("onsets",)
    belongs_to = "tempo"

    def read(self, passes: Passes) -> float | str:
        return float(passes.onsets.starts_s().size / passes.onsets.seconds)

    def explain(self, value: float | str) -> str:
        scale = ((1.5, "sparse"), (4.0, "calm"), (8.0, "lively"), (float("inf"), "dense"))
        return f"{number(value):.1f} notes or hits begin in a second: {pick(number(value), scale)}."
