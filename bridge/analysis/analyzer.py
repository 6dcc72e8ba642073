"""Analyzer: pushed blocks of any size, read at any time. Files, stems and live sound go through this one door."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from typing import Protocol

import numpy as np

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.reading import Analysis, Reading
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.audio import Audio, Samples
from bridge.errors import BadInput

_FRAMES_AT_ONCE = 16
"""Enough to spare interpreter time, few enough to stay in the processor's cache."""

LARGEST = 1e9
"""Samples beyond +180 dBFS are no sound; they count as not finite, since their powers would overflow."""


class Sound(Protocol):
    """What can be read in blocks: an Audio, an open file, a spooled step."""

    @property
    def rate(self) -> int: ...

    @property
    def channels(self) -> int: ...

    def blocks(self, frames: int = 65536) -> Iterator[Samples]: ...


class Analyzer:
    """Measures one stream.

    rate in Hz, channels. without: names of metrics to leave out; what belongs to them (key_confidence to key)
    goes with them.
    Blocks are cut again into fixed frames, so a reading has the same bits however the stream was cut.
    Raises BadInput for a rate or a channel count below 1.
    """

    def __init__(self, rate: int, channels: int, without: Collection[str] = ()) -> None:
        if rate < 1 or channels < 1:
            raise BadInput(f"A sound with {channels} channels at {rate} Hz cannot be measured.")
        self.stream = Stream(rate, channels)
        self.without = frozenset(without)
        self.reset()

    def reset(self) -> None:
        """Forgets everything heard so far."""
        self._passes = Passes(self.stream, {name for metric in self._metrics() for name in metric.needs})
        self._pending = np.empty((self.stream.channels, self.stream.frame), np.float32)
        self._fill = 0
        self._start = 0
        self._not_finite = 0

    def _metrics(self) -> list[Metric]:
        from bridge.analysis.metrics import METRICS

        return [metric for metric in METRICS if not {metric.name, metric.belongs_to} & self.without]

    @property
    def frames(self) -> int:
        """Frames pushed so far."""
        return self._start + self._fill

    def push(self, block: Samples) -> None:
        """The next block [shape=(channels, any number of frames), full scale 1.0]."""
        if block.ndim != 2 or block.shape[0] != self.stream.channels:
            raise BadInput(
                f"A block of shape {block.shape} does not fit a stream of {self.stream.channels} channels; "
                "blocks are (channels, frames)."
            )
        block = self._clean(np.asarray(block, np.float32))
        if self._fill:
            block = self._top_up(block)
        frame = self.stream.frame
        whole = block.shape[1] // frame * frame
        for start in range(0, whole, _FRAMES_AT_ONCE * frame):
            self._measure(block[:, start : min(start + _FRAMES_AT_ONCE * frame, whole)])
        self._hold(block[:, whole:])

    def _clean(self, block: Samples) -> Samples:
        """Counts what is not finite and puts 0 in its place; the result then says so instead of a value."""
        if block.size == 0 or max(block.max(), -block.min()) <= LARGEST:
            return block
        bad = ~(np.abs(block) <= LARGEST)
        self._not_finite += int(bad.sum())
        return np.where(bad, np.float32(0), block)

    def _top_up(self, block: Samples) -> Samples:
        """Fills the pending frame and measures it once it is whole; returns what is left of the block."""
        wanted = min(self.stream.frame - self._fill, block.shape[1])
        self._hold(block[:, :wanted])
        if self._fill == self.stream.frame:
            self._fill = 0
            self._measure(self._pending)
        return block[:, wanted:]

    def _hold(self, rest: Samples) -> None:
        self._pending[:, self._fill : self._fill + rest.shape[1]] = rest
        self._fill += rest.shape[1]

    def _measure(self, samples: Samples) -> None:
        self._passes.push(Chunk(self.stream, samples, self._start, samples.shape[1]))
        self._start += samples.shape[1]

    def _ended(self) -> Passes:
        """The passes with the pending rest, as if the sound ended here; the stream itself can go on."""
        if not self._fill:
            return self._passes
        passes = copy.deepcopy(self._passes)
        padded = self._pending.copy()
        padded[:, self._fill :] = 0
        passes.push(Chunk(self.stream, padded, self._start, self._fill))
        return passes

    def result(self) -> Analysis:
        """All readings and curves of what was pushed so far. More may be pushed afterwards."""
        from bridge.analysis.curves import curves

        passes = self._ended()
        readings = {metric.name: self._read(metric, passes) for metric in self._metrics()}
        drawn = {} if self._not_finite else curves(passes)
        return Analysis(readings, self.stream.rate, self.stream.channels, self.frames, drawn)

    def _read(self, metric: Metric, passes: Passes) -> Reading:
        if self._not_finite and metric.name != "duration":
            reason = f"{self._not_finite} samples are not finite (NaN, infinite or beyond +180 dBFS)"
            return Reading(metric.name, None, metric.unit, reason)
        try:
            return Reading(metric.name, metric.read(passes), metric.unit)
        except Unmeasurable as why:
            return Reading(metric.name, None, metric.unit, why.reason)


def analyze_sound(sound: Sound, without: Collection[str] = ()) -> Analysis:
    """Reads a sound once, in blocks, in bounded memory, and measures it."""
    analyzer = Analyzer(sound.rate, sound.channels, without)
    for block in sound.blocks():
        analyzer.push(block)
    return analyzer.result()


def analyze(audio: Audio, without: Collection[str] = ()) -> Analysis:
    """Measures a whole sound in memory."""
    return analyze_sound(audio, without)
