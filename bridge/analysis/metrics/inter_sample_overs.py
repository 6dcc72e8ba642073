"""Places over full scale between the samples."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.places import overs
from bridge.analysis.wording import number


class InterSampleOvers(Metric):
    name = "inter_sample_overs"
    unit = ""
    source = (
        "Own definition: stretches of 10 ms in which the 4x figure (ITU-R BS.1770-5 Annex 2) stands over 0 dBTP "
        "and over the samples, around the highest pair of neighbours"
    )
    sentence = "In how many places the waveform rises over full scale between its samples."
    needs = ("levels", "overs")
    law = "rising"

    def read(self, passes: Passes) -> float | str:
        passes.levels.peak()
        return float(len(overs(passes)))

    def explain(self, value: float | str) -> str:
        return f"The wave rises over full scale between the samples in {number(value):.0f} places."
