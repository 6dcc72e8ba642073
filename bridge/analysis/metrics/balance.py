"""Left against right: of everything, and of the bass, which is in the middle of nearly every mix."""

from __future__ import annotations

import math

from bridge.analysis.metric import Metric
from bridge.analysis.metrics.stereo_bands import RANGES
from bridge.analysis.passes import Passes
from bridge.analysis.unmeasurable import SILENCE, Unmeasurable
from bridge.analysis.wording import number

_MOST_DB = 60.0


def _ratio_db(left: float, right: float) -> float:
    if not left + right > 0.0:
        raise Unmeasurable(SILENCE)
    limit = 10 ** (-_MOST_DB / 10)
    return 10.0 * math.log10(max(right, left * limit) / max(left, right * limit))


class Balance(Metric):
    name = "balance"
    unit = "dB"
    source = "Power of R over power of L, held to 60 dB either way"
    sentence = "How much louder the right side is than the left; negative where the left is louder."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        return _ratio_db(*passes.levels.pair())

    def explain(self, value: float | str) -> str:
        level = number(value)
        if abs(level) < 0.5:
            return "Left and right are equally loud."
        return f"The {'right' if level > 0 else 'left'} side is {abs(level):.1f} dB louder."


class BalanceLow(Metric):
    name = "balance_low"
    unit = "dB"
    source = "Power of R over power of L in the long-term spectrum, 20 to 120 Hz, held to 60 dB either way"
    sentence = "How far off the middle the bass is: positive to the right."
    needs = ("spectrum",)

    def read(self, passes: Passes) -> float | str:
        if passes.stream.channels < 2:
            raise Unmeasurable("mono")
        spectrum = passes.spectrum
        whole = spectrum.total().sum()
        left, right = (spectrum.between(spectrum.power[side], *RANGES["low"]) for side in (0, 1))
        if not left + right > 1e-6 * whole:
            raise Unmeasurable("nothing in this band")
        return _ratio_db(left, right)

    def explain(self, value: float | str) -> str:
        return f"The bass is {abs(number(value)):.1f} dB louder on the {'right' if number(value) > 0 else 'left'}."
