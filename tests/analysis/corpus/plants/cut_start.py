"""The lead-in is missing: the export begins while something already sounds."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Cut in the middle of a sound: as loud just before as after (within 6 dB), and not within 60 ms before a hit."""
    rate = audio.rate
    step = rate // 100
    count = audio.frames // step
    power = (audio.samples[:, : count * step].astype(np.float64) ** 2).reshape(audio.channels, count, step)
    level = np.sqrt(power.mean(axis=(0, 2)))
    floor = 0.1 * level.max()
    places = [
        k
        for k in range(50, count // 2)
        if level[k - 6 : k + 30].min() > floor
        and level[k - 6 : k + 8].max() < 2.0 * level[k - 6 : k + 8].min()
    ]
    if not places:
        places = [int(level[50 : count // 2].argmax()) + 50]
    at = int(generator.choice(places)) * step + int(generator.integers(step))
    return Audio(np.ascontiguousarray(audio.samples[:, at:]), rate)
