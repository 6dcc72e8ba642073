"""Correlation of left and right."""

from __future__ import annotations

import math

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.analysis.wording import number, pick

_SCALE = (
    (-0.3, "left and right cancel in mono"),
    (0.1, "very wide, partly lost in mono"),
    (0.7, "wide and safe in mono"),
    (0.98, "narrow"),
    (float("inf"), "practically mono"),
)


class Correlation(Metric):
    name = "correlation"
    unit = ""
    source = "Normalised product of the front pair over the whole sound, mean not removed: sum LR / sqrt(sum LL sum RR)"
    sentence = "How alike left and right are: 1 mono, 0 unrelated, -1 inverted."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        left, right = passes.levels.pair()
        mid, side = passes.levels.sum_and_difference()
        if not left or not right:
            raise Unmeasurable("one channel is silent")
        return max(-1.0, min(1.0, (mid - side) / (4.0 * math.sqrt(left * right))))

    def explain(self, value: float | str) -> str:
        return f"{number(value):+.2f}: {pick(number(value), _SCALE)}."
