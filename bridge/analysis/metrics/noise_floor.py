"""Noise floor: a level and no verdict. Whether a whole sound is nothing but noise `effects.dsp.noise_floor` tells."""

from __future__ import annotations

import numpy as np

from bridge.analysis.level import decibels
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.analysis.wording import number, pick

_SHARE = 5.0
_SCALE = (
    (-75.0, "very clean pauses"),
    (-60.0, "clean pauses"),
    (-45.0, "audible noise in the pauses, or no pauses"),
    (float("inf"), "the sound never pauses"),
)


class NoiseFloor(Metric):
    name = "noise_floor"
    unit = "dBFS"
    source = (
        "Own definition: 5th percentile of the plain RMS of whole frames of 85 ms, all channels together, "
        "digital silence left out"
    )
    sentence = "The level of the quietest moments: noise, where the sound pauses."
    needs = ("levels",)
    law = "level"

    def read(self, passes: Passes) -> float | str:
        passes.levels.peak()
        power = passes.levels.frame_power()
        heard = power[power > 0.0]
        if not heard.size:
            raise Unmeasurable("shorter than a frame of 85 ms")
        return decibels(float(np.percentile(heard, _SHARE, method="lower")) ** 0.5)

    def explain(self, value: float | str) -> str:
        return f"The quietest moments lie at {number(value):.0f} dBFS: {pick(number(value), _SCALE)}."
