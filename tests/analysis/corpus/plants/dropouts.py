"""Dropouts: buffers that never came."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """One to four gaps of 20 to 300 ms, zero or the last value held, cut hard out of sounding music.

    20 ms is one missed buffer of 1024 at 48 kHz; the gap lies where the sound stands within 20 dB of its peak on
    either side, since a hole in a pause is none.
    """
    samples = audio.samples.copy()
    window = audio.rate // 50
    count = audio.frames // window
    peaks = np.abs(samples[:, : count * window]).reshape(samples.shape[0], count, window).max(axis=(0, 2))
    loud = peaks > 0.1 * peaks.max()
    places = np.flatnonzero(loud[10:-40]) + 10
    held = generator.uniform() < 0.3
    for place in generator.choice(places, size=int(generator.integers(1, 5))):
        start = int(place + 1) * window
        lengths = [n for n in range(1, 16) if loud[min(place + n + 1, count - 1)]] or [3]
        end = start + int(generator.choice(lengths)) * window + int(generator.integers(1, window // 4))
        samples[:, start:end] = samples[:, start - 1 : start] if held else 0
    return Audio(samples, audio.rate)
