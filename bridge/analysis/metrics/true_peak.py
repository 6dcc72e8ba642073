"""True peak."""

from __future__ import annotations

from bridge.analysis.level import decibels
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class TruePeak(Metric):
    name = "true_peak"
    unit = "dBTP"
    source = "ITU-R BS.1770-5 (2023) Annex 2: 4x oversampling, here too with 12 taps a phase"
    needs = ("true_peak",)
    sentence = (
        "The highest level of the waveform between the samples, which converters and lossy codecs meet."
    )
    law = "level"

    def read(self, passes: Passes) -> float | str:
        return decibels(passes.true_peak.peak())

    def explain(self, value: float | str) -> str:
        peak = number(value)
        if peak > 0:
            return f"{peak:.1f} dBTP: over full scale, converters and codecs will clip it."
        return f"{peak:.1f} dBTP: {-peak:.1f} dB below full scale."
