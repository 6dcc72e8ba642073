"""Values between the samples: polyphase windowed sinc interpolation."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Values = NDArray[np.float32]

_BLOCK = 16


class Interpolator:
    """`factor` values a sample from `taps` neighbours, half before and half after (Kaiser window).

    Each phase passes DC unchanged. gain: the largest sum of |h| of any phase, which bounds the output by the peak
    of the samples.
    """

    def __init__(self, factor: int, taps: int, beta: float = 6.0) -> None:
        self.factor, self.taps = factor, taps
        position = np.arange(taps) - (taps // 2 - 1)
        phases = []
        for phase in range(1, factor):
            distance = position - phase / factor
            inside = np.clip(1.0 - (distance / (taps / 2)) ** 2, 0.0, None)
            h = np.sinc(distance) * np.i0(beta * np.sqrt(inside)) / np.i0(beta)
            phases.append(h / h.sum())
        self.filters: NDArray[np.float64] = np.array(phases)
        self.gain = float(np.abs(self.filters).sum(axis=1).max()) * (1 + 1e-5)
        self._matrix = self._toeplitz()

    def _toeplitz(self) -> Values:
        """[shape=(_BLOCK + taps - 1, _BLOCK·(factor-1))]: one product gives all phases of a block of samples."""
        matrix = np.zeros((_BLOCK + self.taps - 1, _BLOCK, self.factor - 1), np.float32)
        for sample in range(_BLOCK):
            matrix[sample : sample + self.taps, sample] = self.filters.T
        return matrix.reshape(matrix.shape[0], -1)

    def between(self, samples: Values, chosen: NDArray[np.intp], segment: int) -> Values:
        """Values after each sample of the chosen segments [shape=(chosen, segment, factor-1)], p/factor after it.

        samples: taps//2 - 1 of them, then segments of `segment` samples (a multiple of 16), then at least taps//2.
        """
        wide = _BLOCK + self.taps - 1
        blocks = sliding_window_view(samples, wide)[::_BLOCK]
        groups = blocks[: blocks.shape[0] // (segment // _BLOCK) * (segment // _BLOCK)]
        values = np.matmul(groups.reshape(-1, segment // _BLOCK, wide)[chosen], self._matrix)
        shaped: Values = values.reshape(chosen.size, segment, self.factor - 1)
        return shaped


@lru_cache(maxsize=4)
def interpolator(factor: int, taps: int) -> Interpolator:
    return Interpolator(factor, taps)
