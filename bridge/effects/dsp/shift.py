"""A whole number of frames later."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples


class Shift:
    """Delays a stream by `frames`; what is inside at the end is lost (its user feeds the zeros that push it out)."""

    def __init__(self, frames: int, channels: int) -> None:
        self._held = np.zeros((channels, frames), np.float32)

    def run(self, block: Samples) -> Samples:
        """The next block [shape=(channels, frames)] -> as many frames, delayed."""
        joined = np.concatenate([self._held, block], axis=1)
        self._held = joined[:, block.shape[1] :]
        return joined[:, : block.shape[1]]
