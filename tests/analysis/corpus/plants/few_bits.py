"""Truncated word length."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Cut to 8 to 14 bits without dither: grain that is heard in every fade."""
    scale = 2.0 ** (int(generator.integers(8, 15)) - 1)
    return Audio((np.floor(audio.samples * scale) / scale).astype(np.float32), audio.rate)
