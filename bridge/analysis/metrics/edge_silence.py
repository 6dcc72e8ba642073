"""Silence before the first and after the last sound."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number

_SOURCE = (
    "Own definition: time in stretches of 10 ms whose sample peak lies more than 60 dB below the sound's own"
)


class LeadInSilence(Metric):
    name = "lead_in_silence"
    unit = "s"
    source = _SOURCE
    sentence = "How long it is before the sound begins."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        return passes.levels.sounding_s()[0]

    def explain(self, value: float | str) -> str:
        return f"The sound begins after {number(value):.2f} s."


class LeadOutSilence(Metric):
    name = "lead_out_silence"
    unit = "s"
    source = _SOURCE
    sentence = "How long it is silent after the last sound."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        return passes.seconds - passes.levels.sounding_s()[1]

    def explain(self, value: float | str) -> str:
        return f"After the last sound {number(value):.2f} s are silent."
