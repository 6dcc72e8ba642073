"""One side turned down: a badly set trim, a gain lost in an export."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """2.5 to 9 dB: from 2 dB on the middle is heard to move."""
    gain = np.ones((audio.channels, 1), np.float32)
    gain[int(generator.integers(2))] = 10 ** (-generator.uniform(2.5, 9.0) / 20)
    return Audio(audio.samples * gain, audio.rate)
