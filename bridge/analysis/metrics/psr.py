"""Peak to short-term loudness ratio."""

from __future__ import annotations

import numpy as np

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.passes.loudness import ABSOLUTE_GATE_LUFS, loudness_of, power_of
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.analysis.wording import number


class Psr(Metric):
    name = "psr"
    unit = "dB"
    source = (
        "After I. Shepherd's PSR: lowest ratio of sample peak to loudness in windows of 3 s "
        "no more than 20 LU below the loudest"
    )
    sentence = "How much punch is left where the sound is densest."
    needs = ("loudness", "levels")

    def read(self, passes: Passes) -> float | str:
        power = passes.loudness.short_term(step=10)
        peaks = passes.levels.peak_in_windows(3.0, 0.1, power.size)
        loud = power > max(power.max() * 0.01, power_of(ABSOLUTE_GATE_LUFS))
        if not loud.any():
            raise Unmeasurable("nothing above the gate of -70 LUFS")
        return float((20.0 * np.log10(peaks[loud]) - loudness_of(power[loud])).min())

    def explain(self, value: float | str) -> str:
        return f"Where it is densest, peaks stand {number(value):.1f} dB above the loudness; under 8 sounds squashed."
