"""A stream that passes as it is, to the bit."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples


class Untouched:
    """What an effect is that found nothing to do; `warnings` say so."""

    latency_frames = 0

    def __init__(self, channels: int, warnings: tuple[str, ...] = ()) -> None:
        self._channels = channels
        self.warnings = warnings

    def process(self, block: Samples) -> Samples:
        return block

    def flush(self) -> Samples:
        return np.zeros((self._channels, 0), np.float32)
