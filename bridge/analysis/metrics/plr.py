"""Peak to loudness ratio."""

from __future__ import annotations

from bridge.analysis.level import decibels
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class Plr(Metric):
    name = "plr"
    unit = "dB"
    source = "True peak minus integrated loudness (AES TD1008, 2021)"
    sentence = "How far the peaks stand above the loudness of the whole."
    needs = ("loudness", "true_peak")

    def read(self, passes: Passes) -> float | str:
        return decibels(passes.true_peak.peak()) - passes.loudness.integrated()

    def explain(self, value: float | str) -> str:
        return f"Peaks stand {number(value):.1f} dB above the loudness of the whole."
