"""What makes the sound of an effect: a stream of blocks in, a stream of blocks out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bridge.analysis.reading import Analysis
from bridge.audio import Samples


class Processor(Protocol):
    """One effect at work on one stream.

    A whole file is one long block, a live stream many short ones; how it is cut must not change the sound.
    Over the whole stream as many frames come out as went in plus what `flush` returns; `latency_frames` of them,
    at the start, are delay that the renderer removes. A tail longer than that is the effect's `tail_s`.
    """

    latency_frames: int

    def process(self, block: Samples) -> Samples:
        """The next block [shape=(channels, frames)] -> processed block [shape=(channels, any number of frames)]."""
        ...

    def flush(self) -> Samples:
        """What is still inside once the last block is in [shape=(channels, frames, may be 0)]."""
        ...


class Sound(Protocol):
    """A sound that can be read again from the start as often as asked: an Audio, a file, a spooled step."""

    @property
    def rate(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def frames(self) -> int: ...

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        """From the start, in order, [shape=(channels, <=frames)]."""
        ...


class MeasuredSound(Sound, Protocol):
    """The sound that reaches a step, with its measurement (what `needs_sound` effects are handed)."""

    @property
    def analysis(self) -> Analysis: ...
