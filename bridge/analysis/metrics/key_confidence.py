"""Confidence of the key."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class KeyConfidence(Metric):
    name = "key_confidence"
    unit = ""
    source = "Correlation with the key's profile, times how clearly it beats the next key; own definition"
    sentence = "How sure the key is."
    needs = ("pitches",)
    belongs_to = "key"

    def read(self, passes: Passes) -> float | str:
        return passes.key().confidence

    def explain(self, value: float | str) -> str:
        return f"{number(value):.2f} of 1: " + (
            "clear." if number(value) > 0.6 else "doubtful, relative keys are close."
        )
