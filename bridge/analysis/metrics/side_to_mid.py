"""Side to mid ratio."""

from __future__ import annotations

import math

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.analysis.wording import number

_NOTHING = 1e-12
"""Below -120 dB a 20-bit sound has nothing left."""


class SideToMid(Metric):
    name = "side_to_mid"
    unit = "dB"
    source = "Power of (L-R)/2 over power of (L+R)/2 of the front pair"
    sentence = "How much of the sound is stereo width."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        mid, side = passes.levels.sum_and_difference()
        if mid <= side * _NOTHING:
            raise Unmeasurable("no mid: left and right cancel")
        if side <= mid * _NOTHING:
            raise Unmeasurable("no side: left and right are the same")
        return 10.0 * math.log10(side / mid)

    def explain(self, value: float | str) -> str:
        return (
            f"The side lies {abs(number(value)):.1f} dB {'above' if number(value) > 0 else 'below'} the mid."
        )
