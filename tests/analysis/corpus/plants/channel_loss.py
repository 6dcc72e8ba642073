"""One side drops out for a while: a cable that fails, a mute, a damaged region."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Left or right silent for 0.4 to 3 s, or from there to the end, anywhere while the music plays."""
    samples = audio.samples.copy()
    power = (samples.astype(np.float64) ** 2).sum(axis=0)
    loud = np.flatnonzero(power > 0.05 * power.max())
    first, last = int(loud[0]) + audio.rate, int(loud[-1]) - audio.rate
    at = int(generator.integers(first, max(first + 1, last)))
    length = round(generator.uniform(0.4, 3.0) * audio.rate)
    end = samples.shape[1] if generator.uniform() < 0.2 else at + length
    samples[int(generator.integers(2)), at:end] = 0.0
    return Audio(samples, audio.rate)
