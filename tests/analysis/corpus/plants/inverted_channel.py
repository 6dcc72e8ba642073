"""One side with its polarity turned over: a mis-soldered cable, a forgotten switch."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import shaped, within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Left or right times -1, on a mix whose middle is at least 5 dB stronger than its sides, also above the bass.

    Music with a snare or a voice in the middle is; where hardly anything stands in the middle, polarity is a matter of
    taste.
    """
    mid, side = (audio.samples[0] + audio.samples[1]) / 2, (audio.samples[0] - audio.samples[1]) / 2
    whole = Audio(np.stack([mid, side]), audio.rate)
    above = shaped(whole, lambda hz: -10 * np.log10(1 + (150 / np.maximum(hz, 1)) ** 6))
    width = min(1.0, *(10 ** (-5 / 20) / _side_to_mid(part) for part in (whole, above)))
    signs = [(1, -1), (-1, 1)][int(generator.integers(2))]
    samples = np.stack([(mid + width * side) * signs[0], (mid - width * side) * signs[1]])
    return within(Audio(samples.astype(np.float32), audio.rate))


def _side_to_mid(pair: Audio) -> float:
    mid, side = (float(np.mean(part.astype(np.float64) ** 2)) for part in pair.samples)
    return float(np.sqrt(side / max(mid, 1e-20))) + 1e-6
