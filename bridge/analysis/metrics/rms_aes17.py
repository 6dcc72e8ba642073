"""RMS level by AES17."""

from __future__ import annotations

import math

from bridge.analysis.level import decibels
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class RmsAes17(Metric):
    name = "rms_aes17"
    unit = "dBFS"
    source = "AES17: RMS over all channels, a full-scale sine reads 0 dBFS; unweighted"
    sentence = "The average level, on the scale on which a full-scale sine reads 0."
    needs = ("levels",)
    law = "level"

    def read(self, passes: Passes) -> float | str:
        return decibels(math.sqrt(2.0 * float(passes.levels.power().mean())))

    def explain(self, value: float | str) -> str:
        return f"{number(value):.1f} dBFS on average (a full-scale sine reads 0)."
