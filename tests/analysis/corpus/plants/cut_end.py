"""The tail is cut off: the export ends while the music still sounds."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Cut where the last 10 ms lie less than 30 dB below the peak, in the second half."""
    step = audio.rate // 100
    count = audio.frames // step
    power = (audio.samples[:, : count * step].astype(np.float64) ** 2).reshape(audio.channels, count, step)
    level = np.sqrt(power.mean(axis=(0, 2)))
    loud = np.flatnonzero(level > 10 ** (-30 / 20) * np.abs(audio.samples).max())
    at = int(generator.choice(loud[loud > count // 2])) * step
    return Audio(np.ascontiguousarray(audio.samples[:, : at + step]), audio.rate)
