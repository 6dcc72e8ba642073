"""Left and right of each pair mixed anew: a sound moved to one side, or one side raised against the other."""

from __future__ import annotations

import math

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.sides import PAIRS
from bridge.effects.dsp.silence import nothing
from bridge.units import gain_from_db

Gains = tuple[tuple[float, float], tuple[float, float]]
"""((left to left, right to left), (left to right, right to right))."""


def panned(position: float) -> Gains:
    """position: -1 left, 0 as it is, 1 right.

    The far side moves over along a quarter of a circle, the near one stays; both are then divided so that a sound that
    is the same left and right keeps its power. For that one it is the equal-power law, -3 dB in the middle:
    L = sqrt(1 - sin), R = sqrt(1 + sin) at the angle position * 90 degrees.
    """
    sine, cosine = math.sin(abs(position) * math.pi / 2), math.cos(abs(position) * math.pi / 2)
    keep = 1.0 / math.sqrt(1.0 + sine)
    if position >= 0:
        return (cosine * keep, 0.0), (sine * keep, keep)
    return (keep, sine * keep), (0.0, cosine * keep)


def balanced(right_over_left_db: float) -> Gains:
    """Half of it up on one side, half down on the other."""
    gain = gain_from_db(right_over_left_db / 2)
    return (1.0 / gain, 0.0), (0.0, gain)


class Sides2x2:
    """Every pair through one 2x2 matrix of gains; channels without a partner stay as they are."""

    latency_frames = 0

    def __init__(self, gains: Gains, channels: int) -> None:
        idle = gains == ((1.0, 0.0), (0.0, 1.0))
        self._gains = np.array(gains)
        self._pairs = () if idle else PAIRS.get(channels, ())
        self._channels = channels
        plural = "" if channels == 1 else "s"
        text = f"there is no left and right in a sound of {channels} channel{plural}"
        self.warnings = (text,) if not idle and channels not in PAIRS else ()

    def process(self, block: Samples) -> Samples:
        if not self._pairs:
            return block
        out = block.copy()
        for left, right in self._pairs:
            one, two = block[left].astype(np.float64), block[right].astype(np.float64)
            for channel, (of_left, of_right) in zip((left, right), self._gains, strict=True):
                out[channel] = of_left * one + of_right * two
        return out

    def flush(self) -> Samples:
        return nothing(self._channels)
