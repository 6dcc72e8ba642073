"""Overs between the samples: a master pushed into a sample-peak limiter that does not oversample."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import true_peak


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """No sample above a ceiling of -0.1 to -0.6 dBFS, the wave 0.3 to 2.2 dB over full scale, in one to twenty places.

    In each a burst of fs/4 of a few milliseconds, as cymbals and sibilants have it, stands on the music with its
    samples beside the crests.
    """
    ceiling = 10 ** (-generator.uniform(0.1, 0.6) / 20)
    samples = (
        audio.samples.astype(np.float64)
        / np.abs(audio.samples).max()
        * 10 ** (-generator.uniform(0.6, 3) / 20)
    )
    wanted = 10 ** (generator.uniform(0.3, 2.2) / 20)
    for _ in range(int(generator.integers(1, 21))):
        length = round(generator.uniform(0.002, 0.01) * audio.rate)
        at = int(generator.integers(audio.rate, audio.frames - audio.rate))
        crest = wanted * np.sin(np.pi / 2 * np.arange(length) + np.pi / 4)
        fade = np.sin(np.pi * (np.arange(length) + 0.5) / length) ** 0.5
        side = int(generator.integers(2))
        part = samples[side, at : at + length]
        samples[side, at : at + length] = (1 - fade) * part + fade * crest
    made = Audio(np.clip(samples, -ceiling, ceiling).astype(np.float32), audio.rate)
    assert true_peak(made.samples) > 1.0
    return made
