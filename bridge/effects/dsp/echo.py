"""Feedback delay lines."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.cuts import cuts
from bridge.effects.dsp.sides import PAIRS
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
            line = self._loop[:, self._at : self._at + frames]
            x, y = block[:, start : start + frames], self._heard(line)
            out[:, start : start + frames] = self._dry * x + self._wet * y
            self._feed(line, x, y)
            start += frames
            self._at = (self._at + frames) % self._delay
        return out

    def flush(self) -> Samples:
        return nothing(self._loop.shape[0])

    def _heard(self, line: Samples) -> Samples:
        """The echoes, from what went into the line a delay ago."""
        return line

    def _feed(self, line: Samples, x: Samples, y: Samples) -> None:
        """What goes into the line, in place of what has just come out."""
        line *= self._feedback
        line += x


class Loop(Echo):
    """Echoes that lose their lows and highs on each way round, and (ping-pong) change sides: left, right, left ..."""

    def __init__(
        self,
        delay_frames: int,
        feedback: float,
        mix: float,
        rate: int,
        channels: int,
        cut_hz: tuple[float, float],
        ping_pong: bool,
    ) -> None:
        super().__init__(delay_frames, feedback, mix, channels)
        self._cuts = cuts(*cut_hz, rate, channels)
        self._pairs = PAIRS.get(channels, ()) if ping_pong else ()
        plural = "" if channels == 1 else "s"
        text = f"echoes cannot change sides in a sound of {channels} channel{plural}"
        self.warnings = (text,) if ping_pong and not self._pairs else ()

    def _heard(self, line: Samples) -> Samples:
        return self._cuts.process(line)

    def _feed(self, line: Samples, x: Samples, y: Samples) -> None:
        fed = x + self._feedback * y
        for left, right in self._pairs:
            fed[left] = np.float32(0.5) * (x[left] + x[right]) + self._feedback * y[right]
            fed[right] = self._feedback * y[left]
        line[:] = fed
