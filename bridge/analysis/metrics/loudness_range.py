"""Loudness range."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number, pick

_SCALE = (
    (3.0, "one loudness throughout"),
    (8.0, "small changes between passages, as most pop"),
    (15.0, "clearly quiet and loud passages"),
    (float("inf"), "very wide, as film or orchestra"),
)


class LoudnessRange(Metric):
    name = "loudness_range"
    unit = "LU"
    source = "EBU Tech 3342 v4 (2023) 3"
    sentence = "How far quiet and loud passages lie apart, over seconds."
    needs = ("loudness",)

    def read(self, passes: Passes) -> float | str:
        return passes.loudness.range_lu()

    def explain(self, value: float | str) -> str:
        return f"{number(value):.1f} LU: {pick(number(value), _SCALE)}."
