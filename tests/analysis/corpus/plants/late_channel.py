"""One side comes late: a converter, a plugin without delay compensation, a slipped region."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """0.3 to 15 ms: from 0.3 ms on mono loses presence, beyond 20 ms it is an echo."""
    late = round(generator.uniform(0.3, 15.0) / 1000 * audio.rate)
    samples = audio.samples.copy()
    side = int(generator.integers(2))
    samples[side, late:] = audio.samples[side, :-late]
    samples[side, :late] = 0.0
    return Audio(samples, audio.rate)
