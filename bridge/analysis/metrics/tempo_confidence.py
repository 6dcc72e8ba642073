"""Confidence of the tempo."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class TempoConfidence(Metric):
    name = "tempo_confidence"
    unit = ""
    source = (
        "Own definition: probability of the tempo against its halves, thirds and doubles (conditional logit), less in "
        "proportion where the normalised autocorrelation of onsets at one beat is below 0.45"
    )
    sentence = "How surely this is the tempo, and not half or double of it."
    needs = ("onsets",)
    belongs_to = "tempo"

    def read(self, passes: Passes) -> float | str:
        return passes.tempo().confidence

    def explain(self, value: float | str) -> str:
        if number(value) >= 0.8:
            return f"{number(value):.2f} of 1: a clear beat."
        return f"{number(value):.2f} of 1: " + (
            "another of the candidates may be the beat."
            if number(value) > 0.4
            else "a loose or doubtful beat."
        )
