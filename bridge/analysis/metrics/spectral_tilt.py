"""Spectral tilt."""

from __future__ import annotations

import numpy as np

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.analysis.wording import number, pick

_FLOOR = 1e-12
_SCALE = (
    (-7.5, "dark"),
    (-3.5, "as most finished music"),
    (-1.0, "bright"),
    (float("inf"), "glaring, or noise"),
)


class SpectralTilt(Metric):
    name = "spectral_tilt"
    unit = "dB/octave"
    source = (
        "Least squares slope of third-octave power density from 100 Hz to 10 kHz over octaves: "
        "white noise 0, pink noise -3.01"
    )
    sentence = "How fast the spectrum falls towards the treble."
    needs = ("spectrum",)

    def read(self, passes: Passes) -> float | str:
        power = passes.spectrum.total()
        edge = 10**0.05
        centres = np.array(
            [hz for hz in THIRD_OCTAVES_HZ if 99 < hz < 10100 and hz * edge < passes.stream.nyquist_hz]
        )
        if centres.size < 6:
            raise Unmeasurable(f"a rate of {passes.stream.rate} Hz leaves too few bands")
        bands = np.array([passes.spectrum.between(power, hz / edge, hz * edge) for hz in centres])
        density = bands / centres
        heard = density > density.max() * _FLOOR
        if heard.sum() < 6:
            raise Unmeasurable("too few bands hold any sound")
        slope = np.polyfit(np.log2(centres[heard]), 10.0 * np.log10(density[heard]), 1)[0]
        return float(slope)

    def explain(self, value: float | str) -> str:
        return f"{number(value):.1f} dB/octave: {pick(number(value), _SCALE)}."
