"""Spectral centroid."""

from __future__ import annotations

import numpy as np

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number, pick

_SCALE = (
    (800.0, "dark, bass or a low instrument"),
    (2000.0, "warm"),
    (4500.0, "balanced to bright"),
    (float("inf"), "very bright, cymbals or noise"),
)


class SpectralCentroid(Metric):
    name = "spectral_centroid"
    unit = "Hz"
    source = (
        "Mean frequency weighted by the magnitude of the long-term spectrum "
        "(G. Peeters, CUIDADO report 2004, 6.1.1)"
    )
    sentence = "The balance point of the spectrum: higher is brighter."
    needs = ("spectrum",)

    def read(self, passes: Passes) -> float | str:
        magnitude = np.sqrt(passes.spectrum.total())
        magnitude[0] = 0.0
        return float((passes.spectrum.frequencies() * magnitude).sum() / magnitude.sum())

    def explain(self, value: float | str) -> str:
        return f"{number(value):.0f} Hz: {pick(number(value), _SCALE)}."
