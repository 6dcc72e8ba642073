"""What a processor made of a sound, kept so that it need not be made again."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridge.audio import Samples
from bridge.effects.processor import Processor

MOST_BYTES = 1 << 27
"""Six minutes of stereo at 44.1 kHz. What is longer is made again: memory must not grow with the sound."""


class Keeping:
    """A processor that keeps what the one inside gives, as long as there is room."""

    latency_frames = 0

    def __init__(self, inner: Processor, channels: int) -> None:
        """inner: adds no delay."""
        self._inner = inner
        self._nothing = np.zeros((channels, 0), np.float32)
        self._blocks: list[Samples] | None = []
        self._bytes = 0

    def process(self, block: Samples) -> Samples:
        return self._kept(self._inner.process(block))

    def flush(self) -> Samples:
        return self._kept(self._inner.flush())

    def _kept(self, made: Samples) -> Samples:
        self._bytes += made.nbytes
        if self._bytes > MOST_BYTES:
            self._blocks = None
        if self._blocks is not None:
            self._blocks.append(made)
        return made

    def again(self) -> Kept | None:
        """Once the sound is over: a processor for the very same sound; None where there was no room."""
        return None if self._blocks is None else Kept(self._inner, [self._nothing, *self._blocks])


class Kept:
    """Gives what was made of a sound, to whoever brings that sound. What the processor that made it has to say besides
    (`reduction`, `warnings` ...) is said on."""

    latency_frames = 0

    def __init__(self, inner: Processor, blocks: list[Samples]) -> None:
        """blocks: at least one [shape=(channels, any number of frames)]."""
        self._inner = inner
        self._nothing = blocks[0][:, :0]
        self._blocks = blocks[::-1]
        self.warnings: tuple[str, ...] = ()
        self.unreached: str | None = None

    def __getattr__(self, name: str) -> Any:
        if name == "_inner":
            raise AttributeError(name)
        return getattr(self._inner, name)

    def process(self, block: Samples) -> Samples:
        """As many frames as `block` has, fewer only at the end."""
        missing, given = block.shape[1], [self._nothing]
        while missing and self._blocks:
            kept = self._blocks.pop()
            if kept.shape[1] > missing:
                self._blocks.append(kept[:, missing:])
                kept = kept[:, :missing]
            given.append(kept)
            missing -= kept.shape[1]
        return np.concatenate(given, axis=1)

    def flush(self) -> Samples:
        rest, self._blocks = self._blocks[::-1], []
        return np.concatenate([self._nothing, *rest], axis=1)
