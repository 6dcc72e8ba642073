"""Sums, squares and extremes per channel and of mid and side: every level and the correlation come from these.

Within a frame sums run in single precision (error 1e-6), over frames in double.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.outline import Outline
from bridge.analysis.series import Series
from bridge.analysis.stream import SEGMENTS, Chunk, Stream, energy
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable


class Levels:
    """One column a frame of the stream (85 ms); one a segment (10 ms) of `peak_in`, the largest magnitude
    [shape=(channels, segments)], and `still`: whether all channels hold one value throughout it."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.sums = Series(stream.channels, kept=np.float32)
        self.squares = Series(stream.channels, kept=np.float32)
        self.mid_side = Series(2, kept=np.float32)
        self.peak_in = Series(stream.channels, dtype=np.float32)
        self.still = Series(dtype=np.bool_)
        self.outline = Outline()
        self._peak = 0.0
        self._ones = np.ones(stream.frame, np.float32)

    def push(self, chunk: Chunk) -> None:
        framed = chunk.framed
        self.frames += chunk.valid
        self.sums.append(np.matmul(framed, self._ones))
        self.squares.append(energy(framed))
        if self.stream.channels > 1:
            parts = (chunk.sum_of_pair, framed[0] - framed[1])
            self.mid_side.append(np.stack([energy(part) for part in parts]))
        self.peak_in.append(chunk.segment_peak)
        self.still.append((chunk.segment_max == chunk.segment_min).all(axis=0))
        sound = -(-chunk.valid // self.stream.segment)
        self.outline.add(chunk.segment_max.max(axis=0)[:sound], chunk.segment_min.min(axis=0)[:sound])
        self._peak = max(self._peak, float(chunk.segment_peak.max()))

    def peaks(self) -> NDArray[np.float32]:
        """Largest magnitude per segment [shape=(channels, segments)]."""
        peaks: NDArray[np.float32] = self.peak_in.values
        return peaks

    def peak(self) -> float:
        """Largest magnitude of all samples. Raises Unmeasurable for no frames and for silence."""
        if not self.frames:
            raise Unmeasurable(EMPTY)
        if self._peak == 0.0:
            raise Unmeasurable(SILENCE)
        return self._peak

    def power(self) -> NDArray[np.float64]:
        """Mean square per channel [shape=(channels,)]. Raises Unmeasurable for no frames and for silence."""
        self.peak()
        return np.array([math.fsum(row) for row in self.squares.values]) / self.frames

    def offset(self) -> NDArray[np.float64]:
        """Mean per channel [shape=(channels,)]. Raises Unmeasurable for no frames."""
        if not self.frames:
            raise Unmeasurable(EMPTY)
        return np.array([math.fsum(row) for row in self.sums.values]) / self.frames

    def pair(self) -> tuple[float, float]:
        """Sums of squares of L and R of the front pair. Raises Unmeasurable for mono, no frames and silence."""
        if self.stream.channels < 2:
            raise Unmeasurable("mono")
        self.peak()
        left, right = (math.fsum(row) for row in self.squares.values[:2])
        return left, right

    def sum_and_difference(self) -> tuple[float, float]:
        """Sums of squares of L+R and L-R, taken as such: from L, R and LR a narrow side would drown in rounding."""
        self.pair()
        mid, side = (math.fsum(row) for row in self.mid_side.values)
        return mid, side

    def peak_in_windows(self, window_s: float, step_s: float, count: int) -> NDArray[np.float32]:
        """Largest magnitude of all channels in `count` windows, `step_s` apart, to the segment [shape=(count,)]."""
        peaks = self.peaks().max(axis=0)
        per_s = self.stream.rate / self.stream.segment
        starts = (np.arange(count) * step_s * per_s).astype(np.intp)
        width = math.ceil(window_s * per_s)
        padded = np.concatenate([peaks, np.zeros(width + 1, np.float32)])
        pairs = np.column_stack([starts, starts + width]).reshape(-1)
        found: NDArray[np.float32] = np.maximum.reduceat(padded, pairs)[::2]
        return found

    def frame_power(self) -> NDArray[np.float64]:
        """Mean square of each whole frame over all channels [shape=(frames,)]."""
        whole = self.frames // self.stream.frame
        power: NDArray[np.float64] = self.squares.values[:, :whole].mean(axis=0) / self.stream.frame
        return power

    def in_blocks(self, seconds: float) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Mean square and peak in blocks of whole frames as near to `seconds` as they come
        [shape=(channels, blocks)]; frames of padding and the rest at the end are left out."""
        per_block = max(1, round(seconds * self.stream.rate / self.stream.frame))
        count = max(1, self.frames // self.stream.frame // per_block)
        squares = self.squares.values[:, : count * per_block]
        length = squares.shape[1] // count
        power = squares[:, : count * length].reshape(-1, count, length).mean(axis=2) / self.stream.frame
        peaks = self.peaks()[:, : count * length * SEGMENTS].reshape(-1, count, length * SEGMENTS).max(axis=2)
        return power, peaks

    def sounding_s(self) -> tuple[float, float]:
        """When the first and the last segment within 60 dB of the peak begin and end, in seconds."""
        threshold = self.peak() * 1e-3
        heard = np.flatnonzero(self.peaks().max(axis=0) >= threshold)
        end = min((int(heard[-1]) + 1) * self.stream.segment, self.frames)
        return int(heard[0]) * self.stream.segment / self.stream.rate, end / self.stream.rate

    def correlations(self, group: int) -> NDArray[np.float64]:
        """Correlation of the front pair in groups of `group` frames [shape=(groups,)]; nan where one is silent."""
        self.pair()
        starts = np.arange(0, len(self.squares), group)
        left, right = np.add.reduceat(self.squares.values[:2], starts, axis=1)
        mid, side = np.add.reduceat(self.mid_side.values, starts, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            found: NDArray[np.float64] = np.clip((mid - side) / (4.0 * np.sqrt(left * right)), -1.0, 1.0)
        return found

    def recent_power(self, seconds: float) -> float:
        """Mean square over channels of the last whole frames that make up `seconds`."""
        count = self._recent(seconds)
        return float(self.squares.latest(count).mean()) / self.stream.frame

    def recent_correlation(self, seconds: float) -> float:
        """Correlation of the front pair over the last frames. Raises Unmeasurable for mono and silence."""
        if self.stream.channels < 2:
            raise Unmeasurable("mono")
        count = self._recent(seconds)
        left, right = self.squares.latest(count)[:2].sum(axis=1)
        mid, side = self.mid_side.latest(count).sum(axis=1)
        if not left * right > 0:
            raise Unmeasurable(SILENCE)
        return float(np.clip((mid - side) / (4.0 * math.sqrt(left * right)), -1, 1))

    def _recent(self, seconds: float) -> int:
        if not len(self.squares):
            raise Unmeasurable(EMPTY)
        return max(1, round(seconds * self.stream.rate / self.stream.frame))
