"""A constant gain over a stream."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.silence import nothing
from bridge.units import gain_from_db


class Level:
    """Every sample times the gain; 0 dB gives the very same samples."""

    latency_frames = 0

    def __init__(self, gain_db: float, channels: int) -> None:
        self._gain = np.float32(gain_from_db(gain_db))
        self._channels = channels

    def process(self, block: Samples) -> Samples:
        return block * self._gain if self._gain != 1 else block

    def flush(self) -> Samples:
        return nothing(self._channels)
