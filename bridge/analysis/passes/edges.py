"""The first and the last moments of a sound, sample by sample: whether it begins and ends or was cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, Unmeasurable

HEAD_S = 0.3
TAIL_S = 0.04


class Edges:
    """head, tail: the first 0.3 s and the last 40 ms [shape=(channels, samples)]; all there is of a shorter sound."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.head: NDArray[np.float32] = np.zeros((stream.channels, 0), np.float32)
        self.tail: NDArray[np.float32] = np.zeros((stream.channels, 0), np.float32)
        self._head_frames = max(1, round(HEAD_S * stream.rate))
        self._tail_frames = max(1, round(TAIL_S * stream.rate))

    def push(self, chunk: Chunk) -> None:
        samples = chunk.samples[:, : chunk.valid]
        missing = self._head_frames - self.head.shape[1]
        if missing > 0:
            self.head = np.concatenate([self.head, samples[:, :missing]], axis=1)
        kept = samples[:, -self._tail_frames :]
        if kept.shape[1] < self._tail_frames:
            kept = np.concatenate([self.tail, kept], axis=1)[:, -self._tail_frames :]
        self.tail = kept.copy()

    def power(self, at_tail: bool, from_s: float, to_s: float) -> float:
        """Mean square over channels, `from_s` to `to_s` from the beginning, or back from the end.

        Raises Unmeasurable for no frames and where the sound is shorter than that.
        """
        whole = self.tail[:, ::-1] if at_tail else self.head
        if not whole.shape[1]:
            raise Unmeasurable(EMPTY)
        part = whole[:, round(from_s * self.stream.rate) : max(1, round(to_s * self.stream.rate))]
        if not part.shape[1]:
            raise Unmeasurable(f"shorter than {to_s:g} s")
        return float(np.mean(part.astype(np.float64) ** 2))
