"""A mono sound in a stereo file."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Both sides the middle; one in two with a dither of its own on each side, 16 bits."""
    samples = np.repeat(audio.samples.mean(axis=0, keepdims=True), 2, axis=0).astype(np.float64)
    if generator.uniform() < 0.5:
        samples += (generator.random(samples.shape) - generator.random(samples.shape)) * 2.0**-15
        samples = np.round(samples * 2**15) / 2**15
    return Audio(samples.astype(np.float32), audio.rate)
