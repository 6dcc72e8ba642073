"""Hann windows, and the power that they leave."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Window = NDArray[np.float32]

HANN_POWER = 3.0 / 8.0
"""Mean square of a Hann window: by so much it lowers the power of what does not change over it."""


def hann(length: int) -> Window:
    """Periodic: it begins at 0, and the 0 at its end is the first sample of the next [shape=(length,)]."""
    return np.hanning(length + 1)[:-1].astype(np.float32)


def centred_hann(length: int) -> Window:
    """The same half a sample later: even, and nowhere 0, so that no sample of a short sound is lost; that of one
    sample is 1 [shape=(length,)]."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)
