"""A feedback delay line."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.silence import nothing


class Echo:
    """out = (1 - mix) x + mix · y with y[n] = x[n - D] + feedback · y[n - D].

    Every frame is the same three operations however the stream is cut, so blocks equal the whole to the last bit.
    """

    latency_frames = 0

    def __init__(self, delay_frames: int, feedback: float, mix: float, channels: int) -> None:
        self._delay = max(1, delay_frames)
        self._feedback = np.float32(feedback)
        self._wet, self._dry = np.float32(mix), np.float32(1.0 - mix)
        self._loop = np.zeros((channels, self._delay), np.float32)  # x + feedback · y of the last D frames
        self._at = 0

    def process(self, block: Samples) -> Samples:
        out = np.empty_like(block)
        start = 0
        while start < block.shape[1]:
            frames = min(self._delay - self._at, block.shape[1] - start)
            x, y = block[:, start : start + frames], self._loop[:, self._at : self._at + frames]
            out[:, start : start + frames] = self._dry * x + self._wet * y
            y *= self._feedback
            y += x
            start += frames
            self._at = (self._at + frames) % self._delay
        return out

    def flush(self) -> Samples:
        return nothing(self._loop.shape[0])
