"""A stream cut on its own fixed grid, each chunk seen with what lies before and after it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bridge.audio import Samples

Work = Callable[[Samples], Samples]


class Overlapped:
    """Runs `work` on windows of `before + chunk + after` frames and keeps its `chunk` frames.

    The grid follows the stream's own position and not the blocks that arrive, so the result is the same to the
    last bit however those are cut, also where `work` is an FFT. Nothing is delayed: output merely comes out late
    (`latency_frames` is 0), and `flush` gives the rest. Beyond both ends the sound is zero.
    """

    latency_frames = 0

    def __init__(self, work: Work, channels: int, before: int, chunk: int, after: int) -> None:
        """work: [shape=(channels, before + chunk + after)] -> [shape=(channels, chunk)], called in order."""
        self._work = work
        self._chunk = chunk
        self._window = before + chunk + after
        self._held = np.zeros((channels, before), np.float32)
        self._owed = 0

    def process(self, block: Samples) -> Samples:
        self._owed += block.shape[1]
        return self._run(block)

    def flush(self) -> Samples:
        """The frames still owed; the stream is over after this."""
        missing = (
            -(-self._owed // self._chunk) * self._chunk + self._window - self._chunk - self._held.shape[1]
        )
        owed = self._owed
        return self._run(np.zeros((self._held.shape[0], max(missing, 0)), np.float32))[:, :owed]

    def _run(self, block: Samples) -> Samples:
        held = np.concatenate([self._held, block], axis=1)
        done: list[Samples] = [np.zeros((held.shape[0], 0), np.float32)]
        start = 0
        while start + self._window <= held.shape[1]:
            done.append(self._work(held[:, start : start + self._window]))
            start += self._chunk
        self._held = held[:, start:].copy()
        self._owed -= start
        return np.concatenate(done, axis=1)
