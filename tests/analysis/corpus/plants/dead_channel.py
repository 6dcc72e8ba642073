"""One side is dead: a cable, a pan or a mute."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Left or right is zero, or holds only its converter's noise at -100 to -75 dBFS RMS."""
    samples = audio.samples.copy()
    dead = int(generator.integers(2))
    samples[dead] = 0
    if generator.uniform() < 0.5:
        level = 10 ** (generator.uniform(-100, -75) / 20)
        samples[dead] = generator.standard_normal(audio.frames) * level
    return Audio(samples, audio.rate)
