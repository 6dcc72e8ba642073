"""Integrated loudness of a stream, and the sketch of a sound from which a gain can be found without hearing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.k_weighting import KWeighting
from bridge.analysis.passes.loudness import WEIGHTS, gated
from bridge.analysis.passes.loudness import Loudness as LoudnessPass
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.audio import Samples
from bridge.effects.dsp.ballistics import Decay
from bridge.effects.dsp.intersample import HALF_TAPS, envelope
from bridge.effects.dsp.limiting import highest_around, lookahead_frames, needed_db, smooth
from bridge.effects.dsp.overlap import Overlapped
from bridge.effects.processor import Processor, Sound

CELLS_A_FRAME = 64
"""A cell is 0.9 to 1.4 ms at every rate: short beside the limiter's look-ahead of 3 ms."""

_SLAB = 32768


class LoudnessMeter:
    """Integrated loudness alone, over a stream of blocks: the analysis room's own pass without its neighbours."""

    def __init__(self, rate: int, channels: int) -> None:
        self._stream = Stream(rate, channels)
        self._pass = LoudnessPass(self._stream)
        self._held = np.zeros((channels, 0), np.float32)
        self._start = 0

    def push(self, block: Samples) -> None:
        """The next block [shape=(channels, frames)]."""
        held = np.concatenate([self._held, block], axis=1)
        whole = held.shape[1] // self._stream.frame * self._stream.frame
        if whole:
            self._measure(held[:, :whole], whole)
        self._held = held[:, whole:].copy()

    def integrated_lufs(self) -> float | None:
        """Ends the stream. None where loudness is undefined: silence, under 0.4 s, unknown channel layout."""
        rest = self._held.shape[1]
        self._measure(np.pad(self._held, ((0, 0), (0, self._stream.frame - rest))), rest)
        try:
            return self._pass.integrated()
        except Unmeasurable:
            return None

    def _measure(self, samples: Samples, valid: int) -> None:
        self._pass.push(Chunk(self._stream, samples, self._start, valid))
        self._start += valid


def integrated_lufs(sound: Sound, processor: Processor | None = None) -> float | None:
    """Of a sound, or of what a processor makes of it; None where it is undefined (silence, under 0.4 s)."""
    meter = LoudnessMeter(sound.rate, sound.channels)
    for block in sound.blocks():
        meter.push(processor.process(block) if processor else block)
    if processor:
        meter.push(processor.flush())
    return meter.integrated_lufs()


@dataclass(frozen=True)
class Sketch:
    """Power and true peak of a sound, cell by cell: 22 MB an hour at 48 kHz.

    power: K-weighted and channel-weighted sums of squares [shape=(cells,)]. reached: highest true-peak magnitude,
    all channels [shape=(cells,)]. cell: frames per cell. frames: of the sound.
    """

    rate: int
    cell: int
    frames: int
    power: NDArray[np.float32]
    reached: NDArray[np.float32]

    @property
    def peak(self) -> float:
        """Highest true-peak magnitude."""
        return float(self.reached.max(initial=0.0))

    def limited(self, gain: float, ceiling: float, release_ms: float) -> float | None:
        """Loudness in LUFS of what the limiter would make of `gain` times the sound; None where it is undefined.

        The gain moves slowly beside the weighting filter, so weighted power times gain squared stands for filtering
        the limited sound.
        """
        hops = np.zeros(self._hop_of(len(self.power)) + 1)
        release = Decay(release_ms * self.rate / 1000 / self.cell)
        for start in range(0, len(self.power), _SLAB):
            power = self.power[start : start + _SLAB]
            reduction = self._reduction_db(start, start + len(power), gain, ceiling, release)
            turned = power * gain**2 * 10.0 ** (-reduction / 10.0)
            cells = np.arange(start, start + len(power))
            hops += np.bincount(self._hop_of(cells), turned, len(hops))
        return self._gated(hops)

    def _reduction_db(
        self, start: int, end: int, gain: float, ceiling: float, release: Decay
    ) -> NDArray[np.float64]:
        """Of the cells from start to end; `release` carries on from the cells before."""
        reach = max(1, -(-lookahead_frames(self.rate) // self.cell))
        margin = 2 * reach
        seen = self.reached[max(0, start - margin) : end + margin]
        seen = np.pad(seen, (max(0, margin - start), max(0, end + margin - len(self.reached))))
        held = highest_around(needed_db(seen * gain, ceiling), reach)
        return smooth(release.run(held, end - start), reach)

    def _hop_of(self, cell: Any) -> Any:
        """The 100 ms hop in which a cell (or each of several) begins."""
        return cell * self.cell * 10 // self.rate

    def _gated(self, hops: NDArray[np.float64]) -> float | None:
        """Two gates over 400 ms blocks every 100 ms (BS.1770-5 Annex 1), edges moved to cells."""
        hops = hops[: self.frames * 10 // self.rate]
        if len(hops) < 4:
            return None
        blocks = np.convolve(hops, np.ones(4), "valid") / (0.4 * self.rate)
        try:
            return gated(blocks)
        except Unmeasurable:
            return None


def sketch(sound: Sound) -> Sketch | None:
    """One pass over the sound; None where no loudness is defined for its number of channels."""
    if sound.channels not in WEIGHTS:
        return None
    drawing = _Drawing(Stream(sound.rate, sound.channels), sound.frames)
    overlapped = Overlapped(drawing.draw, sound.channels, HALF_TAPS, drawing.chunk, HALF_TAPS)
    for block in sound.blocks():
        overlapped.process(block)
    overlapped.flush()
    return Sketch(sound.rate, drawing.cell, sound.frames, drawing.power, drawing.reached)


class _Drawing:
    def __init__(self, stream: Stream, frames: int) -> None:
        self.cell = stream.frame // CELLS_A_FRAME
        self.chunk = max(1, 16384 // stream.frame) * stream.frame
        cells = -(-frames // self.chunk) * self.chunk // self.cell
        self.power = np.zeros(cells, np.float32)
        self.reached = np.zeros(cells, np.float32)
        self._frame = stream.frame
        self._weights = np.array(WEIGHTS[stream.channels])
        self._filter = KWeighting(stream.rate, stream.frame, stream.channels)
        self._done = 0

    def draw(self, window: Samples) -> Samples:
        inner = window[:, HALF_TAPS:-HALF_TAPS]
        squared = self._filter.squared(np.ascontiguousarray(inner).reshape(len(inner), -1, self._frame))
        cells = squared.reshape(len(inner), -1, self.cell).sum(axis=2)
        now = slice(self._done, self._done + cells.shape[1])
        self.power[now] = self._weights @ cells
        self.reached[now] = envelope(window).reshape(-1, self.cell).max(axis=1)
        self._done += cells.shape[1]
        return inner
