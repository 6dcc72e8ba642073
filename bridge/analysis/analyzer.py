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
from bridge.audio import LARGEST, Audio, Samples
from bridge.errors import BadInput

HIGHEST_RATE = 3_072_000
"""Four times what files may have. Frames grow with the rate: a nonsense rate would ask for all memory there is."""


def measurable(rate: int, channels: int) -> None:
    """Raises BadInput for what no sound has."""
    if not 1 <= rate <= HIGHEST_RATE or channels < 1:
        raise BadInput(f"A sound with {channels} channels at {rate} Hz cannot be measured.")


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
    goes with them. "form" leaves out the parts of a song, which also go with tempo and key.
    Blocks are cut again into fixed groups of frames, so a reading has the same bits however the stream was cut.
    Raises BadInput for a rate below 1 Hz or above HIGHEST_RATE, and for a channel count below 1.
    """

    def __init__(self, rate: int, channels: int, without: Collection[str] = ()) -> None:
        measurable(rate, channels)
        self.stream = Stream(rate, channels)
        _keep_freed_memory()
        self.without = frozenset(without)
        self._group = self.stream.group * self.stream.frame
        self.reset()

    def reset(self) -> None:
        """Forgets everything heard so far."""
        self._passes = Passes(self.stream, {name for metric in self._metrics() for name in metric.needs})
        self._pending = np.empty((self.stream.channels, self._group), np.float32)
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
        block = np.asarray(block, np.float32)
        while block.shape[1]:
            taken = block[:, : self._group - self._fill]
            if taken.shape[1] == self._group:
                self._measure(taken)
            else:
                self._hold(taken)
            block = block[:, taken.shape[1] :]

    def _hold(self, part: Samples) -> None:
        """Gathers small parts; measures them once they make a group."""
        end = self._fill + part.shape[1]
        self._pending[:, self._fill : end] = part if _sound(part.max(), part.min()) else self._cleaned(part)
        self._fill = end
        if end == self._group:
            self._fill = 0
            self._measure(self._pending)

    def _measure(self, samples: Samples) -> None:
        chunk = Chunk(self.stream, samples, self._start, samples.shape[1])
        if not _sound(chunk.segment_max.max(), chunk.segment_min.min()):
            chunk = Chunk(self.stream, self._cleaned(samples), self._start, samples.shape[1])
        self._passes.push(chunk)
        self._start += samples.shape[1]

    def _cleaned(self, samples: Samples) -> Samples:
        """Counts what is not finite and puts 0 in its place; the result then says so instead of a value."""
        bad = ~(np.abs(samples) <= LARGEST)
        self._not_finite += int(bad.sum())
        return np.where(bad, np.float32(0), samples)

    def _ended(self) -> Passes:
        """The passes with the pending rest, as if the sound ended here; they last until the next push."""
        if not self._fill:
            return self._passes
        passes = copy.deepcopy(self._passes)
        frame = self.stream.frame
        whole = self._fill // frame * frame
        if whole:
            passes.push(Chunk(self.stream, self._pending[:, :whole], self._start, whole))
        if whole < self._fill:
            padded = np.zeros((self.stream.channels, frame), np.float32)
            padded[:, : self._fill - whole] = self._pending[:, whole : self._fill]
            passes.push(Chunk(self.stream, padded, self._start + whole, self._fill - whole))
        return passes

    def result(self) -> Analysis:
        """All readings and curves of what was pushed so far. More may be pushed afterwards."""
        from bridge.analysis.curves import curves

        passes = self._ended()
        readings = {metric.name: self._read(metric, passes) for metric in self._metrics()}
        drawn = {} if self._not_finite else curves(passes, self.without)
        return Analysis(readings, self.stream.rate, self.stream.channels, self.frames, drawn)

    def _read(self, metric: Metric, passes: Passes) -> Reading:
        if self._not_finite and metric.name != "duration":
            reason = f"{self._not_finite} samples are not finite (NaN, infinite or beyond +180 dBFS)"
            return Reading(metric.name, None, metric.unit, reason)
        try:
            return Reading(metric.name, metric.read(passes), metric.unit)
        except Unmeasurable as why:
            return Reading(metric.name, None, metric.unit, why.reason)


def _keep_freed_memory() -> None:
    """glibc hands large freed blocks back to the system, which clears them page by page when they are wanted again a
    moment later: half the work of a pass. Once a still larger block was freed it keeps them (mallopt(3),
    M_MMAP_THRESHOLD). This one is never touched, so it costs nothing; elsewhere it does nothing."""
    np.empty(1 << 24, np.uint8)


def _sound(highest: np.float32, lowest: np.float32) -> bool:
    """Whether samples between these are finite and no larger than sound can be; NaN is neither."""
    return bool(highest <= LARGEST and lowest >= -LARGEST)


def analyze_sound(sound: Sound, without: Collection[str] = ()) -> Analysis:
    """Reads a sound once, in blocks, in bounded memory, and measures it."""
    analyzer = Analyzer(sound.rate, sound.channels, without)
    for block in sound.blocks():
        analyzer.push(block)
    return analyzer.result()


def analyze(audio: Audio, without: Collection[str] = ()) -> Analysis:
    """Measures a whole sound in memory."""
    return analyze_sound(audio, without)
