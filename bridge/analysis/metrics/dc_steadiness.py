"""Steadiness of the DC offset."""

from __future__ import annotations

import math

import numpy as np

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.unmeasurable import SILENCE, Unmeasurable
from bridge.analysis.wording import number


class DcSteadiness(Metric):
    name = "dc_steadiness"
    unit = ""
    source = (
        "Own definition: |m| / (|m| + 3 s), m the mean and s its standard error over frames of 85 ms, "
        "in the channel with the largest offset"
    )
    sentence = "Whether the offset is a steady shift (near 1) or the chance mean of low tones and noise."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        offset = passes.levels.offset()
        channel = int(abs(offset).argmax())
        means = passes.levels.sums.values[channel] / passes.stream.frame
        if means.size < 4:
            raise Unmeasurable("too short")
        error = float(np.std(means, ddof=1)) / math.sqrt(means.size)
        whole = abs(float(offset[channel])) + 3.0 * error
        if whole == 0.0:
            raise Unmeasurable(SILENCE)
        return abs(float(offset[channel])) / whole

    def explain(self, value: float | str) -> str:
        return (
            "The shift is steady."
            if number(value) > 0.7
            else "The mean of the samples is chance, no steady shift."
        )
