"""Confidence of the tempo."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class TempoConfidence(Metric):
    name = "tempo_confidence"
    unit = ""
    source = "Normalised autocorrelation of the onset strength at one beat: 1 repeats exactly, 0 not at all"
    sentence = "How regular the beat is."
    needs = ("onsets",)
    belongs_to = "tempo"

    def read(self, passes: Passes) -> float | str:
        return passes.tempo().confidence

    def explain(self, value: float | str) -> str:
        return f"{number(value):.2f} of 1: " + (
            "a steady beat." if number(value) > 0.4 else "a loose or doubtful beat."
        )
