"""Integrated loudness of a stream, and the sketch of a sound from which a gain can be found without hearing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.passes.loudness import WEIGHTS, gated
from bridge.analysis.passes.loudness import Loudness as LoudnessPass
from bridge.analysis.passes.true_peak import TruePeak
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.audio import Samples
from bridge.effects.dsp.ballistics import Decay
from bridge.effects.dsp.intersample import HALF_TAPS, envelope, highest_of
from bridge.effects.dsp.limiting import highest_around, lookahead_frames, needed_db, smooth
from bridge.effects.dsp.overlap import Overlapped
from bridge.effects.processor import Processor, Sound

CELLS_A_FRAME = 64
"""A cell is 0.9 to 1.4 ms at every rate: short beside the limiter's look-ahead of 3 ms."""

_SLAB = 32768


class _Frames:
    """Blocks of any length, cut into whole frames of a stream for the analysis room's passes."""

    def __init__(self, stream: Stream, heard: Callable[[Chunk], None]) -> None:
        self._stream, self._heard = stream, heard
        self._held = np.zeros((stream.channels, 0), np.float32)
        self._start = 0

    def push(self, block: Samples) -> None:
        """The next block [shape=(channels, frames)]."""
        held = np.concatenate([self._held, block], axis=1) if self._held.shape[1] else block
        whole = held.shape[1] // self._stream.frame * self._stream.frame
        if whole:
            self._give(np.ascontiguousarray(held[:, :whole]), whole)
        self._held = held[:, whole:].copy()

    def end(self) -> None:
        """Gives the rest, padded with zeros."""
        rest = self._held.shape[1]
        self._give(np.pad(self._held, ((0, 0), (0, self._stream.frame - rest))), rest)

    def _give(self, samples: Samples, valid: int) -> None:
        self._heard(Chunk(self._stream, samples, self._start, valid))
        self._start += valid


class LoudnessMeter:
    """Integrated loudness alone, over a stream of blocks: the analysis room's own pass without its neighbours."""

    def __init__(self, rate: int, channels: int) -> None:
        stream = Stream(rate, channels)
        self._pass = LoudnessPass(stream)
        self._frames = _Frames(stream, self._pass.push)
        self.push = self._frames.push

    def integrated_lufs(self) -> float | None:
        """Ends the stream. None where loudness is undefined: silence, under 0.4 s, unknown channel layout."""
        self._frames.end()
        return _where_defined(self._pass.integrated)


def _where_defined(reading: Callable[[], float]) -> float | None:
    try:
        return reading()
    except Unmeasurable:
        return None


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
    """Power and height of a sound, cell by cell: 22 MB an hour at 48 kHz.

    lufs: its loudness, exactly; None where it is undefined. peak: its true peak at 4x, a magnitude.
    power: K-weighted and channel-weighted sums of squares [shape=(cells,)]. reached: highest magnitude of all
    channels, of samples and, where `between_samples` has looked, between them [shape=(cells,)].
    cell: frames per cell. frames: of the sound.
    """

    rate: int
    cell: int
    frames: int
    power: NDArray[np.float32]
    reached: NDArray[np.float32]
    lufs: float | None
    peak: float

    def between_samples(self, sound: Sound, above: float) -> Sketch:
        """With true peaks wherever they lie above that magnitude; reads the sound once more."""
        drawing = _Heights(self.cell, self.reached)
        overlapped = Overlapped(
            lambda window: drawing.draw(window, above), sound.channels, HALF_TAPS, drawing.chunk, HALF_TAPS
        )
        for block in sound.blocks():
            overlapped.process(block)
        overlapped.flush()
        return replace(self, reached=drawing.reached)

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
    for block in sound.blocks():
        drawing.frames.push(block)
    return drawing.ended()


class _Drawing:
    """Loudness, true peak and cells from the same chunks."""

    def __init__(self, stream: Stream, frames: int) -> None:
        self.frames = _Frames(stream, self._hear)
        self._stream, self._all = stream, frames
        self._cell = stream.frame // CELLS_A_FRAME
        cells = (frames // stream.frame + 1) * CELLS_A_FRAME
        self._loudness = _Powers(stream, np.zeros(cells, np.float32), self._cell)
        self._peak = TruePeak(stream)
        self._reached = np.zeros(cells, np.float32)

    def _hear(self, chunk: Chunk) -> None:
        self._loudness.push(chunk)
        self._peak.push(chunk)
        first = chunk.start // self._cell
        heights = highest_of(np.abs(chunk.samples).max(axis=0), self._cell)
        self._reached[first : first + len(heights)] = heights

    def ended(self) -> Sketch:
        self.frames.end()
        return Sketch(
            self._stream.rate,
            self._cell,
            self._all,
            self._loudness.powers,
            self._reached,
            _where_defined(self._loudness.integrated),
            _where_defined(self._peak.peak) or 0.0,
        )


class _Powers(LoudnessPass):
    """The pass, that keeps the power of each cell as well."""

    def __init__(self, stream: Stream, powers: NDArray[np.float32], cell: int) -> None:
        super().__init__(stream)
        self.powers, self._cell = powers, cell

    def _add(self, start: int, valid: int, squared: Samples) -> None:
        super()._add(start, valid, squared)
        first = start // self._cell
        cells = squared.reshape(len(squared), -1, self._cell).sum(axis=2)
        self.powers[first : first + cells.shape[1]] = (self._weights * cells).sum(axis=0)


class _Heights:
    """True peaks into a copy of what the samples reach, cell by cell."""

    def __init__(self, cell: int, reached: NDArray[np.float32]) -> None:
        self.reached, self.chunk = reached.copy(), max(cell, 16384 // cell * cell)
        self._cell, self._done = cell, 0

    def draw(self, window: Samples, above: float) -> Samples:
        heights = highest_of(envelope(window, above), self._cell)
        now = self.reached[self._done : self._done + len(heights)]
        np.maximum(now, heights[: len(now)], out=now)
        self._done += len(heights)
        return window[:, HALF_TAPS:-HALF_TAPS]
