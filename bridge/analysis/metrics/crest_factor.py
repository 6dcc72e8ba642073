"""Crest factor."""

from __future__ import annotations

from bridge.analysis.level import decibels
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number, pick

_SCALE = (
    (8.0, "flat, heavily limited or a steady tone"),
    (12.0, "dense"),
    (18.0, "lively, transients stand out"),
    (float("inf"), "spiky, single hits far above the rest"),
)


class CrestFactor(Metric):
    name = "crest_factor"
    unit = "dB"
    source = "Sample peak over plain RMS; a sine reads 3.01 dB"
    sentence = "How far the peaks stand above the average level."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        levels = passes.levels
        return decibels(levels.peak()) - decibels(float(levels.power().mean()) ** 0.5)

    def explain(self, value: float | str) -> str:
        return f"{number(value):.1f} dB: {pick(number(value), _SCALE)}."
