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
        self.overshoot = self._overshoot()

    def _toeplitz(self) -> Values:
        """[shape=(_BLOCK + taps - 1, _BLOCK·(factor-1))]: one product gives all phases of a block of samples."""
        matrix = np.zeros((_BLOCK + self.taps - 1, _BLOCK, self.factor - 1), np.float32)
        for sample in range(_BLOCK):
            matrix[sample : sample + self.taps, sample] = self.filters.T
        return matrix.reshape(matrix.shape[0], -1)

    def line(self, count: int) -> Values:
        """[shape=(count + taps, factor·count + 2)]: one product gives the values on the fine grid from the one before
        the first of `count` samples to the sample after the last; the product begins taps//2 samples before them."""
        matrix = np.zeros((count + self.taps, self.factor * count + 2))
        for column in range(matrix.shape[1]):
            sample, phase = divmod(column - 1, self.factor)
            first = sample + self.taps // 2
            if phase:
                matrix[first - (self.taps // 2 - 1) :, column][: self.taps] = self.filters[phase - 1]
            else:
                matrix[first, column] = 1.0
        return matrix.astype(np.float32)

    def _overshoot(self) -> float:
        """How far values can stand over the samples to both sides, times the largest second difference x[n-1] - 2x[n]
        + x[n+1] of all that the filter sees.

        A phase that passes DC is a straight line between the two samples (within them: its share is that of the
        phase's delay) plus a filter that passes neither DC nor a ramp, hence one of second differences: its
        coefficients are those of the rest, summed up twice.
        """
        delays = self.filters @ (np.arange(self.taps) - (self.taps // 2 - 1))
        rest = self.filters.copy()
        rest[:, self.taps // 2 - 1] -= 1.0 - delays
        rest[:, self.taps // 2] -= delays
        return float(np.abs(np.cumsum(np.cumsum(rest, axis=1), axis=1)).sum(axis=1).max()) * (1 + 1e-5)

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


def peak_between(samples: Values) -> float:
    """Largest magnitude at 4x between the samples of a stretch [shape=(channels, frames)], BS.1770-5 Annex 2, of the
    places that have six samples to each side; 0 where there is none. The samples themselves are not counted."""
    four = interpolator(4, 12)
    inner = samples.shape[1] - (four.taps - 1)
    whole = inner - inner % _BLOCK
    if whole < _BLOCK:
        return 0.0
    chosen = np.arange(whole // _BLOCK)
    stretches = [
        row[start : start + whole + four.taps - 1]
        for row in samples
        for start in {0, inner - whole}  # what is left after the last whole block is looked at from the end
    ]
    return max(float(np.abs(four.between(stretch, chosen, _BLOCK)).max()) for stretch in stretches)
