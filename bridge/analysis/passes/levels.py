"""Sums, squares, extremes and the product of left and right: every level and the correlation come from these."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.series import Series
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable


class Levels:
    """One column a frame of the stream (85 ms), one a segment (10 ms) for the extremes."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.sums = Series(stream.channels)
        self.squares = Series(stream.channels)
        self.left_right = Series()
        self.highest = Series(stream.channels, dtype=np.float32)
        self.lowest = Series(stream.channels, dtype=np.float32)

    def push(self, chunk: Chunk) -> None:
        exact = chunk.framed.astype(np.float64)
        self.frames += chunk.valid
        self.sums.append(exact.sum(axis=2))
        self.squares.append(np.einsum("cfn,cfn->cf", exact, exact))
        if self.stream.channels > 1:
            self.left_right.append(np.einsum("fn,fn->f", exact[0], exact[1]))
        self.highest.append(chunk.segment_max)
        self.lowest.append(chunk.segment_min)

    def peaks(self) -> NDArray[np.float32]:
        """Largest magnitude per segment [shape=(channels, segments)]."""
        peaks: NDArray[np.float32] = np.maximum(self.highest.values, -self.lowest.values)
        return peaks

    def peak(self) -> float:
        """Largest magnitude of all samples. Raises Unmeasurable for no frames and for silence."""
        if not self.frames:
            raise Unmeasurable(EMPTY)
        peak = float(self.peaks().max())
        if peak == 0.0:
            raise Unmeasurable(SILENCE)
        return peak

    def power(self) -> NDArray[np.float64]:
        """Mean square per channel [shape=(channels,)]. Raises Unmeasurable for no frames and for silence."""
        self.peak()
        return np.array([math.fsum(row) for row in self.squares.values]) / self.frames

    def offset(self) -> NDArray[np.float64]:
        """Mean per channel [shape=(channels,)]. Raises Unmeasurable for no frames."""
        if not self.frames:
            raise Unmeasurable(EMPTY)
        return np.array([math.fsum(row) for row in self.sums.values]) / self.frames

    def pair(self) -> tuple[float, float, float]:
        """Sums of L², R² and L·R of the front pair. Raises Unmeasurable for mono, no frames and silence."""
        if self.stream.channels < 2:
            raise Unmeasurable("mono")
        self.peak()
        left, right = (math.fsum(row) for row in self.squares.values[:2])
        return left, right, math.fsum(self.left_right.values)

    def peak_in_windows(self, window_s: float, step_s: float, count: int) -> NDArray[np.float32]:
        """Largest magnitude of all channels in `count` windows, `step_s` apart, to the segment [shape=(count,)]."""
        peaks = self.peaks().max(axis=0)
        per_s = self.stream.rate / self.stream.segment
        starts = (np.arange(count) * step_s * per_s).astype(np.intp)
        width = math.ceil(window_s * per_s)
        padded = np.concatenate([peaks, np.zeros(width, np.float32)])
        windows = np.lib.stride_tricks.sliding_window_view(padded, width)[starts]
        found: NDArray[np.float32] = windows.max(axis=1)
        return found
