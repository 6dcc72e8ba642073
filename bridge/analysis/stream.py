"""The geometry of a stream: into which fixed frames, segments and hops any sound is cut before it is measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples

HOPS_PER_S = 100
"""Energies are kept every 10 ms: momentary loudness on a 100 ms grid can read 0.45 LU low (EBU Tech 3341, case 13)."""

_AT_ONCE = 1 << 17
"""Samples of all channels that are measured together: enough to spare interpreter time, few enough to stay in the
processor's cache."""

SEGMENTS = 8
"""Segments per frame, about 10 ms each: waveform peaks and the lazy true peak work on them."""


@dataclass(frozen=True)
class Stream:
    """rate in Hz, channels.

    A frame is a power of two of about 85 ms (4096 at 44.1 and 48 kHz), so that frequency resolution and latency
    are alike at every rate. However a caller cuts its blocks, passes see whole frames: readings cannot depend on it.
    """

    rate: int
    channels: int

    @cached_property
    def frame(self) -> int:
        longest = max(self.rate * 4097 // 44100, 256)
        return 1 << (longest.bit_length() - 1)

    @cached_property
    def group(self) -> int:
        """Frames that are measured together, a power of two up to 128."""
        most = max(1, _AT_ONCE // (self.frame * self.channels))
        return min(128, 1 << (most.bit_length() - 1))

    @property
    def segment(self) -> int:
        return self.frame // SEGMENTS

    @property
    def nyquist_hz(self) -> float:
        return self.rate / 2

    def hop_edges(self, first: int, last: int) -> NDArray[np.int64]:
        """First sample of each 10 ms hop `first..last`: floor(k·rate/100), as 10 ms may be no whole number."""
        return np.arange(first, last + 1, dtype=np.int64) * self.rate // HOPS_PER_S


def energy(rows: Samples) -> Samples:
    """Sum of squares along the last axis, by the BLAS's dot product [shape=(..., n) -> (...)]."""
    total: Samples = np.matmul(rows[..., None, :], rows[..., :, None])[..., 0, 0]
    return total


class Chunk:
    """Whole frames on their way through the passes.

    samples: float32 [shape=(channels, frames·stream.frame)], finite. valid: how many of them are sound; the rest,
    at the very end of a sound only, is zero padding. start: index of the first sample in the stream.
    """

    def __init__(self, stream: Stream, samples: Samples, start: int, valid: int) -> None:
        self.stream = stream
        self.samples = samples
        self.start = start
        self.valid = valid

    @property
    def frames(self) -> int:
        return int(self.samples.shape[1]) // self.stream.frame

    @property
    def whole(self) -> bool:
        """False for the last, padded frame."""
        return bool(self.valid == self.samples.shape[1])

    @cached_property
    def framed(self) -> Samples:
        """[shape=(channels, frames, stream.frame)]"""
        return self.samples.reshape(self.samples.shape[0], -1, self.stream.frame)

    @cached_property
    def sum_of_pair(self) -> Samples:
        """L+R of the front pair, or the one channel [shape=(frames, stream.frame)]."""
        framed = self.framed
        total: Samples = framed[0] + framed[1] if framed.shape[0] > 1 else framed[0]
        return total

    @cached_property
    def mono(self) -> Samples:
        """Mean of all channels [shape=(samples,)]; channel after channel, five times as fast as numpy's mean."""
        total: Samples = self.samples[0].copy()
        for wave in self.samples[1:]:
            total += wave
        total /= np.float32(self.samples.shape[0])
        return total

    @cached_property
    def bend_peak(self) -> Samples:
        """Largest magnitude of the second differences x[n] - 2x[n-1] + x[n-2] in each segment; they count as 0 for the
        first two samples [shape=(channels, segments)]. Channel by channel, so that all of it stays in the cache."""
        peaks = np.empty_like(self.segment_max)
        slope, bend = np.empty_like(self.samples[0]), np.empty_like(self.samples[0])
        for wave, peak in zip(self.samples, peaks, strict=True):
            np.subtract(wave[1:], wave[:-1], out=slope[1:])
            bend[:2] = 0
            np.subtract(slope[2:], slope[1:-1], out=bend[2:])
            np.maximum.reduceat(np.abs(bend, out=slope), self._segment_starts, out=peak)
        return peaks

    @cached_property
    def segments(self) -> Samples:
        """[shape=(channels, segments, stream.segment)]"""
        return self.samples.reshape(self.samples.shape[0], -1, self.stream.segment)

    @cached_property
    def _segment_starts(self) -> NDArray[np.intp]:
        """For reduceat, which takes half as long as `max` over the rows of `segments`."""
        return np.arange(0, self.samples.shape[1], self.stream.segment)

    @cached_property
    def segment_max(self) -> Samples:
        """[shape=(channels, segments)]"""
        highest: Samples = np.maximum.reduceat(self.samples, self._segment_starts, axis=1)
        return highest

    @cached_property
    def segment_min(self) -> Samples:
        """[shape=(channels, segments)]"""
        lowest: Samples = np.minimum.reduceat(self.samples, self._segment_starts, axis=1)
        return lowest

    @cached_property
    def segment_peak(self) -> Samples:
        """Largest magnitude [shape=(channels, segments)]."""
        peaks: Samples = np.maximum(self.segment_max, -self.segment_min)
        return peaks
