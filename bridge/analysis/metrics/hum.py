"""Mains hum."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class Hum(Metric):
    """How clearly a comb of 50 or 60 Hz stands; the third strongest of five lines, so that two notes are no hum."""

    name = "hum"
    unit = "dB"
    source = (
        "Own definition: of the first five harmonics of 50 or 60 Hz, how far the third clearest stands over what lies "
        "1 to 6 Hz beside it, in three of four windows of 4 s"
    )
    sentence = "How clearly mains hum and its harmonics stand out of the sound."
    needs = ("hum",)

    def read(self, passes: Passes) -> float | str:
        return max(sorted(lines)[-3] for lines in passes.hum.lines().values())

    def explain(self, value: float | str) -> str:
        return (
            f"The mains comb stands {number(value):.0f} dB out: {'hum' if number(value) > 8 else 'no hum'}."
        )


class HumFrequency(Metric):
    name = "hum_frequency"
    unit = "Hz"
    source = "50 or 60 Hz, whichever comb stands clearer"
    sentence = "To which mains frequency the clearer comb belongs; it means hum only where `hum` is high."
    needs = ("hum",)
    belongs_to = "hum"

    def read(self, passes: Passes) -> float | str:
        lines = passes.hum.lines()
        return max(lines, key=lambda mains: sorted(lines[mains])[-3])

    def explain(self, value: float | str) -> str:
        return f"{number(value):.0f} Hz is the clearer comb."
