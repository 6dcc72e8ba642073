"""True peak, strict."""

from __future__ import annotations

from bridge.analysis.level import decibels
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class TruePeakStrict(Metric):
    name = "true_peak_strict"
    unit = "dBTP"
    source = (
        "ITU-R BS.1770-5 (2023) Annex 2 with 16x oversampling and 64 taps around the 64 highest places of each "
        "channel; 4x may read 0.55 dB low at 0.45 of the rate, 16x 0.034 dB"
    )
    sentence = "The true peak as closely as it can be told; ceilings are promised and checked by this figure."
    needs = ("true_peak",)
    law = "level"

    def read(self, passes: Passes) -> float | str:
        return decibels(passes.true_peak.strict_peak())

    def explain(self, value: float | str) -> str:
        return f"Between the samples the waveform reaches {number(value):.2f} dBTP."
