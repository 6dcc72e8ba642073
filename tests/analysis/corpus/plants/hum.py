"""Mains hum from a ground loop or a single coil."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """50 or 60 Hz (to 0.1 %, as the grid keeps it) with 6 to 10 harmonics, 12 to 26 dB below the sound's RMS.

    Harmonics fall by 1 to 5 dB each and scatter by 3 dB; on both channels alike, or on one. At 26 dB below, hum is
    heard in every gap of an arrangement and before the first note; at 12 dB it colours the whole.
    """
    mains = float(generator.choice([50.0, 60.0])) * (1 + generator.uniform(-1e-3, 1e-3))
    t = np.arange(audio.frames) / audio.rate
    fall, count = generator.uniform(1.0, 5.0), int(generator.integers(6, 11))
    comb = np.zeros(audio.frames)
    for k in range(1, count + 1):
        level = 10 ** ((-fall * (k - 1) + generator.normal(0, 1.5)) / 20)
        comb += level * np.sin(2 * np.pi * (mains * k * t + generator.uniform()))
    rms = float(np.sqrt(np.mean(audio.samples.astype(np.float64) ** 2)))
    comb *= rms * 10 ** (-generator.uniform(12, 26) / 20) / np.sqrt(np.mean(comb**2))
    sides = [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0)][int(generator.choice(3, p=[0.7, 0.15, 0.15]))]
    return within(Audio((audio.samples + np.outer(sides, comb)).astype(np.float32), audio.rate))
