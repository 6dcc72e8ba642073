"""DC offset."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class DcOffset(Metric):
    name = "dc_offset"
    unit = "%"
    source = "Mean of the samples as a share of full scale, the worst channel, with its sign"
    sentence = "How far the waveform's middle is shifted from zero."
    needs = ("levels",)
    law = "linear"

    def read(self, passes: Passes) -> float | str:
        offset = passes.levels.offset()
        return 100.0 * float(offset[abs(offset).argmax()])

    def explain(self, value: float | str) -> str:
        return f"The middle of the waveform lies {number(value):.3f} % of full scale from zero."
