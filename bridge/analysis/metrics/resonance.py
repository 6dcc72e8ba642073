"""How far the worst resonance stands."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class Resonance(Metric):
    """Where it lies and how narrow it is stands in the curve `resonances`."""

    name = "resonance"
    unit = "dB"
    source = (
        "Own definition: gain of the bell (240 Hz to 6 kHz) that fits best what stands in four of five moments of a "
        "quarter of a second, lines of tones taken out, half an octave to either side; 0 where nothing does"
    )
    sentence = (
        "How far the worst resonance, a narrow place that stands throughout, stands over its surroundings."
    )
    needs = ("spectrum",)

    def read(self, passes: Passes) -> float | str:
        found = passes.resonances()
        return found[0].level_db if found else 0.0

    def explain(self, value: float | str) -> str:
        if number(value) <= 0:
            return "Nothing narrow stands out throughout."
        return f"A narrow place stands {number(value):.0f} dB over its surroundings."
