"""One step at work on a stream: its processor, brought into line with the sound around it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bridge.audio import Samples
from bridge.effects.processor import Processor
from bridge.errors import RenderFailed
from bridge.rendering.blend import Blend
from bridge.rendering.placing import Placed

BLOCK = 65536


class Line:
    """Blocks in, blocks out, in time with the input: delay removed, tail kept, dry sound mixed in, all of it finite."""

    def __init__(self, placed: Placed, processor: Processor, rate: int, channels: int) -> None:
        self._placed = placed
        self._processor = processor
        self._rate = rate
        self._channels = channels
        self._tail = placed.tail_frames(rate)
        self._early = processor.latency_frames
        self._taken = 0
        self._given = 0
        self._end: int | None = None
        blended = placed.step.wet < 1 or placed.step.region is not None
        self._blend = Blend(placed.step.wet, placed.step.region, rate, channels) if blended else None

    @property
    def stage(self) -> str:
        """The effect's name, for progress."""
        return self._placed.step.effect

    def process(self, block: Samples) -> Samples:
        """The next block. Raises RenderFailed where what comes out is not finite or has another shape."""
        self._taken += block.shape[1]
        if self._blend:
            self._blend.take_dry(block)
        return self._out(self._processor.process(block))

    def finish(self) -> Iterator[Samples]:
        """What comes after the last block: the tail, what was held back, and zeros where that falls short."""
        self._end = self._taken + self._tail
        for frames in _cut(self._tail):
            yield self.process(np.zeros((self._channels, frames), np.float32))
        yield self._out(self._processor.flush())
        for frames in _cut(self._end - self._given):
            yield self._out(np.zeros((self._channels, self._early + frames), np.float32))

    def _out(self, made: Samples) -> Samples:
        self._check(made)
        skipped = min(self._early, made.shape[1])
        self._early -= skipped
        made = made[:, skipped:]
        if self._end is not None:
            made = made[:, : self._end - self._given]
        if self._blend:
            made = self._blend.give(made)
        self._given += made.shape[1]
        return made

    def _check(self, made: Samples) -> None:
        if made.ndim != 2 or made.shape[0] != self._channels:
            raise RenderFailed(f"{self._name()} gave {made.shape[0]} channels for {self._channels}.")
        if not np.isfinite(made).all():
            at = self._given + int(np.argmin(np.isfinite(made).all(axis=0)))
            raise RenderFailed(
                f"{self._name()} gave a sample that is not a number at {at / self._rate:.2f} s."
            )

    def _name(self) -> str:
        name = self._placed.name
        return name[0].upper() + name[1:]


def _cut(frames: int) -> Iterator[int]:
    """`frames` in blocks of at most BLOCK."""
    for start in range(0, frames, BLOCK):
        yield min(BLOCK, frames - start)
