"""One side with its polarity turned over: a mis-soldered cable, a forgotten switch."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Left or right times -1, on a mix whose middle is at least 5 dB stronger than its sides.

    Music with a bass, a kick or a voice in the middle is; where hardly anything stands in the middle, polarity is a
    matter of taste.
    """
    mid, side = (audio.samples[0] + audio.samples[1]) / 2, (audio.samples[0] - audio.samples[1]) / 2
    power = [float(np.mean(part.astype(np.float64) ** 2)) for part in (mid, side)]
    width = min(1.0, (power[0] * 10**-0.5 / max(power[1], 1e-20)) ** 0.5)
    signs = [(1, -1), (-1, 1)][int(generator.integers(2))]
    samples = np.stack([(mid + width * side) * signs[0], (mid - width * side) * signs[1]])
    return within(Audio(samples.astype(np.float32), audio.rate))
