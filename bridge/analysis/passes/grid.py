"""The grid on which samples stand: how many bits they really use."""

from __future__ import annotations

import numpy as np

from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable
from bridge.audio import Samples

FINEST = 24
"""float32 holds 24 bits; what stands between their steps needs as many, so nothing is looked at once it is reached."""


class Grid:
    """bits: the coarsest grid of 2^(1-bits) on which every sample so far stands; 0 for silence."""

    def __init__(self, stream: Stream) -> None:
        self._heard = False
        self._bits = 0

    def push(self, chunk: Chunk) -> None:
        self._heard = True
        frame = 0
        while self._bits < FINEST and frame < chunk.frames:
            self._refine(chunk.framed[:, frame])
            frame += 1

    def _refine(self, samples: Samples) -> None:
        if not self._bits:
            if not samples.any():
                return
            self._bits = 1
        if self._bits < FINEST and not _stands(samples, self._bits):
            self._bits = next((b for b in range(self._bits + 1, FINEST) if _stands(samples, b)), FINEST)

    @property
    def bits(self) -> int:
        """Raises Unmeasurable for no frames and for silence."""
        if not self._heard:
            raise Unmeasurable(EMPTY)
        if not self._bits:
            raise Unmeasurable(SILENCE)
        return self._bits


def _stands(samples: Samples, bits: int) -> bool:
    """Whether every sample is a multiple of 2^(1-bits); scaling by a power of two rounds nothing."""
    scaled = samples * np.float32(2 ** (bits - 1))
    return bool((scaled == np.rint(scaled)).all())
