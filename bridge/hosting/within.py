"""A processor whose every call happens within something: a mark, or the watch for a strike."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from bridge.audio import Samples
from bridge.effects.processor import Processor


class Within:
    """around: makes the context of one call."""

    def __init__(self, processor: Processor, around: Callable[[], AbstractContextManager[None]]) -> None:
        self._processor = processor
        self._around = around
        self.warnings: tuple[str, ...] = ()
        self.latency_frames = processor.latency_frames

    def process(self, block: Samples) -> Samples:
        with self._around():
            return self._processor.process(block)

    def flush(self) -> Samples:
        with self._around():
            return self._processor.flush()
