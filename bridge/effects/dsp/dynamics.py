"""Gain that follows the level: one detector for all channels, so that the image does not move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.silence import nothing

Curve = NDArray[np.float64]

FLOOR_DBFS = -200.0


def linked_level_db(block: Samples) -> Curve:
    """Largest sample magnitude of all channels, in dBFS, frame by frame [shape=(frames,)]."""
    peak = np.abs(block).max(axis=0).astype(np.float64)
    return np.asarray(20.0 * np.log10(np.maximum(peak, 1e-10)), np.float64)


class Follower:
    """A stream times a gain in dB that `curve` computes from the linked level, causally and without delay."""

    latency_frames = 0

    def __init__(self, curve: Callable[[Curve], Curve], channels: int, makeup_db: float = 0.0) -> None:
        """curve: level in dBFS -> gain in dB, both [shape=(frames,)]; carries its own state."""
        self._curve = curve
        self._makeup_db = makeup_db
        self._channels = channels

    def process(self, block: Samples) -> Samples:
        if not block.shape[1]:
            return block
        gain_db = self._curve(linked_level_db(block)) + self._makeup_db
        return (block * 10.0 ** (gain_db / 20.0)).astype(np.float32)

    def flush(self) -> Samples:
        return nothing(self._channels)
