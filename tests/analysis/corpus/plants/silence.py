"""A muted bus: everything was exported, and nothing is in it."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Zeros throughout."""
    return Audio(np.zeros_like(audio.samples), audio.rate)
