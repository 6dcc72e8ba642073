"""A shifted waveform: a cheap converter or a one-sided saturation without a high-pass behind it."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """0.3 to 5 % of full scale on one channel or both; a DAW's DC meter is taken to warn from 0.1 % on."""
    shift = generator.uniform(0.3, 5.0) / 100 * generator.choice([-1, 1])
    sides = [(1, 1), (1, 0), (0, 1)][int(generator.integers(3))]
    room = within(audio, 0.97 - abs(shift))
    return Audio(
        (room.samples + np.outer(sides, np.full(audio.frames, shift))).astype(np.float32), audio.rate
    )
