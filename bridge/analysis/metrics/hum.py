"""Mains hum."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number

HUM_DB = 5.0
"""What music reaches by chance lies below 2 in 19 of 20 pieces."""


class Hum(Metric):
    """How clearly a comb of 50 or 60 Hz stands: four lines of ten at least, so that a chord is no hum."""

    name = "hum"
    unit = "dB"
    source = (
        "Own definition: how far the first ten harmonics of 50 or 60 Hz (to 0.15 %) agree with lines that never "
        "change, mean of the six clearest (none for more than 6 dB over the fourth), moments of 0.4 s weighted by how "
        "quiet they are around each line, windows of up to 16 s; over the same for combs 1 to 5 Hz aside"
    )
    sentence = "How clearly mains hum and its harmonics stand out of the sound."
    needs = ("hum",)

    def read(self, passes: Passes) -> float | str:
        return max(passes.hum.combs().values())

    def explain(self, value: float | str) -> str:
        verdict = "hum" if number(value) > HUM_DB else "no hum"
        return f"The mains comb stands {number(value):.0f} dB over those beside it: {verdict}."


class HumFrequency(Metric):
    name = "hum_frequency"
    unit = "Hz"
    source = "50 or 60 Hz, whichever comb stands clearer"
    sentence = "To which mains frequency the clearer comb belongs; it means hum only where `hum` is high."
    needs = ("hum",)
    belongs_to = "hum"

    def read(self, passes: Passes) -> float | str:
        combs = passes.hum.combs()
        return max(combs, key=lambda mains: combs[mains])

    def explain(self, value: float | str) -> str:
        return f"{number(value):.0f} Hz is the clearer comb."
