"""A float export that went over full scale."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Sample peak at +0.3 to +6 dBFS, unclipped: what a bus meter shows in red and a 24-bit export would cut."""
    peak = 10 ** (generator.uniform(0.3, 6.0) / 20)
    return Audio(audio.samples * np.float32(peak / np.abs(audio.samples).max()), audio.rate)
