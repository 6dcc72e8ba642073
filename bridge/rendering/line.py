"""One step at work on a stream: its processor, brought into line with the sound around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from bridge.audio import Samples
from bridge.effects.processor import Processor
from bridge.effects.timeline import Timeline
from bridge.errors import RenderFailed
from bridge.rendering.blend import Blend
from bridge.rendering.placing import Placed, naming
from bridge.rendering.tails import NOTHING, PROBE_S, Fading, Feed
from bridge.units import frames_from_s

BLOCK = 65536


class Line:
    """Blocks in, blocks out, in time with the input: delay removed, tail let out, dry sound mixed in, all of it finite.

    feed: how much silence lets its tail out. timeline: of a step that changes time; as many frames come out.
    """

    def __init__(
        self,
        placed: Placed,
        processor: Processor,
        rate: int,
        channels: int,
        feed: Feed = NOTHING,
        timeline: Timeline | None = None,
    ) -> None:
        self.placed = placed
        self.processor = processor
        self._rate = rate
        self._channels = channels
        self.feed = feed
        self._pause = feed.least
        self._fading = Fading(self._pause) if feed.most > feed.least else None
        self._early = processor.latency_frames
        self._taken = 0
        self._given = 0
        self.timeline = timeline
        self._end = timeline.frames if timeline else None
        blended = placed.step.wet < 1 or placed.step.region is not None
        self._blend = Blend(placed.step.wet, placed.step.region, rate, channels) if blended else None

    @property
    def stage(self) -> str:
        """The effect's name, for progress."""
        return self.placed.step.effect

    def process(self, block: Samples) -> Samples:
        """The next block. Raises RenderFailed where what comes out is not finite or has another shape."""
        self._taken += block.shape[1]
        if self._blend:
            self._blend.take_dry(block)
        with naming(self.placed.step):
            made = self.processor.process(block)
        return self._out(made)

    def finish(self, over: Callable[[], bool] = lambda: False) -> Iterator[Samples]:
        """What comes after the last block: the tail, what was held back, and zeros where that falls short.

        over: whether nobody listens to a tail any more; the processor is flushed all the same, to be judged.
        """
        if self._fading:
            self._fading.source_ended(self._taken)
        for frames in self._feeding():
            if over():
                break
            yield self.process(np.zeros((self._channels, frames), np.float32))
        self._end = self._taken if self._end is None else self._end
        with naming(self.placed.step):
            rest = self.processor.flush()
        yield self._out(rest)
        for frames in _cut(self._end - self._given):
            yield self._out(np.zeros((self._channels, self._early + frames), np.float32))

    def _feeding(self) -> Iterator[int]:
        """Frames of silence to be given next; in small pieces where what comes out decides how long it goes on."""
        yield from _cut(self.feed.least)
        piece = frames_from_s(PROBE_S, self._rate)
        for _ in range(self.feed.least, self.feed.most, piece):
            if self._end is not None:
                break
            yield piece

    def _out(self, made: Samples) -> Samples:
        self._check(made)
        skipped = min(self._early, made.shape[1])
        self._early -= skipped
        made = made[:, skipped:]
        if self._fading and self._end is None:
            self._fading.push(made)
            if self._fading.over:
                self._end = self._fading.loud_until + self._pause
        if self._end is not None:
            made = made[:, : self._end - self._given]
        if self._blend:
            made = self._blend.give(made)
        self._given += made.shape[1]
        return made

    def _check(self, made: Samples) -> None:
        if made.ndim != 2 or made.shape[0] != self._channels:
            raise RenderFailed(f"{self.name} gave {made.shape[0]} channels for {self._channels}.")
        if not np.isfinite(made).all():
            at = self._given + int(np.argmin(np.isfinite(made).all(axis=0)))
            raise RenderFailed(f"{self.name} gave a sample that is not a number at {at / self._rate:.2f} s.")

    @property
    def name(self) -> str:
        """For messages: "Step s2 (reverb)"."""
        name = self.placed.name
        return name[0].upper() + name[1:]


def _cut(frames: int) -> Iterator[int]:
    """`frames` in blocks of at most BLOCK."""
    for start in range(0, frames, BLOCK):
        yield min(BLOCK, frames - start)
