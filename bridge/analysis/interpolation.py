"""Values between the samples: polyphase windowed sinc interpolation."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

_BLOCK = 16


class Interpolator:
    """`factor` values a sample from `taps` neighbours (Kaiser window, half the band edge at half the rate).

    Phase 0 is the sample itself; each phase passes DC unchanged. gain: the largest sum of |h| of any phase, which
    bounds the output by the peak of the samples.
    """

    def __init__(self, factor: int, taps: int, beta: float = 6.0) -> None:
        self.factor, self.taps = factor, taps
        position = np.arange(taps) - taps // 2
        phases = []
        for phase in range(1, factor):
            distance = position + phase / factor
            inside = np.clip(1.0 - (distance / (taps / 2)) ** 2, 0.0, None)
            h = np.sinc(distance) * np.i0(beta * np.sqrt(inside)) / np.i0(beta)
            phases.append(h / h.sum())
        self.filters: NDArray[np.float64] = np.array(phases)
        self.gain = np.float32(np.abs(self.filters).sum(axis=1).max() * (1 + 1e-6))
        self._matrix = self._toeplitz()

    def _toeplitz(self) -> NDArray[np.float32]:
        """[shape=(_BLOCK + taps - 1, _BLOCK·(factor-1))]: one product gives all phases of a block of samples."""
        matrix = np.zeros((_BLOCK + self.taps - 1, _BLOCK, self.factor - 1), np.float32)
        for sample in range(_BLOCK):
            matrix[sample : sample + self.taps, sample] = self.filters.T
        return matrix.reshape(matrix.shape[0], -1)

    def between(
        self, samples: NDArray[np.float32], chosen: NDArray[np.intp], segment: int
    ) -> NDArray[np.float32]:
        """Interpolated values of the chosen segments [shape=(chosen, segment, factor-1)].

        samples: taps-1 of history, then whole segments. Value [i, n, p] stands (p+1)/factor before the sample that
        lies taps//2 behind the n-th of segment i.
        """
        windows = sliding_window_view(samples, segment + self.taps - 1)[::segment][chosen]
        blocks = sliding_window_view(windows, _BLOCK + self.taps - 1, axis=1)[:, ::_BLOCK]
        values = np.matmul(np.ascontiguousarray(blocks), self._matrix)
        shaped: NDArray[np.float32] = values.reshape(len(chosen), segment, self.factor - 1)
        return shaped

    def peaks(
        self, samples: NDArray[np.float32], chosen: NDArray[np.intp], segment: int
    ) -> NDArray[np.float32]:
        """Largest magnitude between the samples of each chosen segment [shape=(chosen,)]."""
        values = self.between(samples, chosen, segment).reshape(len(chosen), -1)
        found: NDArray[np.float32] = np.maximum(values.max(axis=1), -values.min(axis=1))
        return found


@lru_cache(maxsize=4)
def interpolator(factor: int, taps: int) -> Interpolator:
    return Interpolator(factor, taps)
