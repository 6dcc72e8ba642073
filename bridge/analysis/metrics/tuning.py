"""Tuning."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class Tuning(Metric):
    name = "tuning"
    unit = "cents"
    source = "Circular mean of spectral peaks' distance from the nearest semitone, A = 440 Hz"
    sentence = "How far the sound is tuned from A = 440 Hz."
    needs = ("pitches",)
    belongs_to = "key"

    def read(self, passes: Passes) -> float | str:
        return passes.key().tuning_cents

    def explain(self, value: float | str) -> str:
        return f"Tuned {number(value):+.0f} cents from A = 440 Hz."
