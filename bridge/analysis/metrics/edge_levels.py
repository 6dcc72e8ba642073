"""How loud the very first and the very last moment are."""

from __future__ import annotations

import math

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number

MOMENT_S = 0.005
_LOWEST_DB = -120.0
_SOURCE = "Own definition: RMS of all channels over 5 ms against the sound's sample peak, -120 at least"


def _level_db(passes: Passes, at_tail: bool) -> float:
    peak = passes.levels.peak()
    power = passes.edges.power(at_tail, 0.0, MOMENT_S)
    return max(_LOWEST_DB, 10.0 * math.log10(max(power, 1e-30) / peak**2))


class StartLevel(Metric):
    name = "start_level"
    unit = "dB"
    source = _SOURCE
    sentence = (
        "How loud the first 5 ms are against the sound's peak: near silence unless something was cut off."
    )
    needs = ("levels", "edges")

    def read(self, passes: Passes) -> float | str:
        return _level_db(passes, False)

    def explain(self, value: float | str) -> str:
        return f"The first 5 ms lie {-number(value):.0f} dB below the peak."


class EndLevel(Metric):
    name = "end_level"
    unit = "dB"
    source = _SOURCE
    sentence = "How loud the last 5 ms are against the sound's peak: near silence unless the end was cut off."
    needs = ("levels", "edges")

    def read(self, passes: Passes) -> float | str:
        return _level_db(passes, True)

    def explain(self, value: float | str) -> str:
        return f"The last 5 ms lie {-number(value):.0f} dB below the peak."
