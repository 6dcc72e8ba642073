"""K-weighting (BS.1770-5 Annex 1) at any rate, on whole frames, by matrix products.

A recurrence over samples is slow in numpy and scipy.signal takes most of a second to import, so the cascade of both
biquads is solved blockwise: with state s and a block x of 32 samples, y = T x + O s and s' = A s + B x. The states
before each block follow the same law with what each block adds in the place of samples, so they are found one level
up in the same way, eight at a time, and so on until one step a frame remains.

States need double precision, as their errors grow: at 48 kHz by 40,000 below the corner of the high-pass. What comes
out of them and of the samples feeds nothing back, and single precision is enough for energies.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples

Matrix = NDArray[np.float64]

_BLOCK = 32
_STATES = 4
_GROUP = 8
"""States that one product finds: more would multiply more zeros, fewer would take more levels."""


_ROWS = 256
"""Items of one product: always whole rows of one frame, so the result has the same bits however many frames come at
once, and few enough that the BLAS does not wake its threads, which would cost more than they help."""


def coefficients(rate: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Both biquads as (b0, b1, b2, a1, a2), a0 = 1.

    The closed form that gives the standard's 48 kHz tables to 1e-14 and the same response at other rates:
    B. De Man, "Evaluation of implementations of the EBU R128 loudness measurement", AES 145 (2018); also libebur128.
    """
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q = 0.7071752369554196
    high = 10.0 ** (3.999843853973347 / 20.0)
    band = high**0.4996667741545416
    a0 = 1.0 + k / q + k * k
    shelf = (
        (high + band * k / q + k * k) / a0,
        2.0 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0,
        2.0 * (k * k - 1.0) / a0,
        (1.0 - k / q + k * k) / a0,
    )
    k = math.tan(math.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    a0 = 1.0 + k / q + k * k
    high_pass = (1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0)
    return shelf, high_pass


def _run(rate: float, inputs: Matrix, state: Matrix) -> tuple[Matrix, Matrix]:
    """The cascade sample by sample (transposed direct form II) over columns at once.

    inputs [shape=(samples, columns)], state [shape=(4, columns)] -> outputs, state after.
    """
    state = state.copy()
    outputs = np.empty_like(inputs)
    for index, sample in enumerate(inputs):
        for stage, (b0, b1, b2, a1, a2) in enumerate(coefficients(rate)):
            first, second = 2 * stage, 2 * stage + 1
            result = b0 * sample + state[first]
            state[first] = b1 * sample - a1 * result + state[second]
            state[second] = b2 * sample - a2 * result
            sample = result
        outputs[index] = sample
    return outputs, state


class _Level:
    """One level of the ladder: items of `width` numbers, between which the state takes `step`.

    inputs [item | state before it] · output = what the level gives for the item; item · added = what it adds to the
    state after it; step [shape=(4, 4)]: what becomes of the state over one item, by columns.
    """

    def __init__(self, output: Matrix, added: Matrix, step: Matrix) -> None:
        self.width = added.shape[0]
        self.output, self.added, self.step = output, added, step

    def above(self, count: int) -> _Level:
        """The level that finds the states before each of `count` items of this one, begun with the state s before
        the first: s[j+1] = step s[j] + c[j]."""
        powers = [np.eye(_STATES)]
        for _ in range(count):
            powers.append(self.step @ powers[-1])
        output = np.zeros(((count + 1) * _STATES, count * _STATES))
        for later in range(count):
            columns = slice(later * _STATES, (later + 1) * _STATES)
            output[count * _STATES :, columns] = powers[later].T
            for item in range(later):
                output[item * _STATES : (item + 1) * _STATES, columns] = powers[later - item - 1].T
        return _Level(output, np.concatenate([power.T for power in powers[-2::-1]]), powers[-1])


def _samples(rate: int) -> _Level:
    """The lowest level: blocks of samples."""
    unit = np.eye(_BLOCK + _STATES)
    outputs, states = _run(rate, unit[:_BLOCK], unit[_BLOCK:])
    return _Level(
        np.ascontiguousarray(outputs.T), np.ascontiguousarray(states[:, :_BLOCK].T), states[:, _BLOCK:]
    )


@lru_cache(maxsize=8)
def _ladder(rate: int, frame: int) -> tuple[_Level, ...]:
    """All levels for one rate and frame length, the samples first; one item of the last is a frame."""
    levels = [_samples(rate)]
    left = frame // _BLOCK
    while left > 1:
        count = min(_GROUP, left)
        levels.append(levels[-1].above(count))
        left //= count
    return tuple(levels)


class KWeighting:
    """The filter of one stream, with its state."""

    def __init__(self, rate: int, frame: int, channels: int) -> None:
        self._rate, self._frame = rate, frame
        self._state = np.zeros((channels, _STATES))

    def squared(self, framed: Samples) -> Samples:
        """framed [shape=(channels, frames, frame)] -> squares of the weighted samples, in single precision
        [shape=(channels, samples)]."""
        weighted: Samples = self._outputs(framed, np.float32)
        return np.multiply(weighted, weighted, out=weighted)

    def weighted(self, framed: Samples) -> Matrix:
        """framed [shape=(channels, frames, frame)] -> weighted samples [shape=(channels, samples)]."""
        return self._outputs(framed, np.float64)

    def _outputs(self, framed: Samples, dtype: type[np.floating[Any]]) -> NDArray[Any]:
        outputs = self._climb(framed, _ladder(self._rate, self._frame), dtype)
        return outputs.reshape(framed.shape[0], -1)

    def _climb(
        self, inputs: NDArray[Any], levels: tuple[_Level, ...], dtype: type[np.floating[Any]]
    ) -> NDArray[Any]:
        """What the lowest of `levels` gives for `inputs` [shape=(channels, frames, n)], with the states before its
        items from those above it."""
        if not levels:
            return self._starts(inputs)
        level = levels[0]
        channels, frames, numbers = inputs.shape
        rows = min(numbers // level.width, _ROWS)
        items = inputs.reshape(channels, frames, numbers // level.width // rows, rows, level.width)
        added = np.matmul(items.astype(np.float64, copy=False), level.added)
        starts = self._climb(added.reshape(channels, frames, -1), levels[1:], np.float64)
        work = np.empty((*items.shape[:-1], level.width + _STATES), dtype)
        work[..., : level.width] = items
        work[..., level.width :] = starts.reshape(*items.shape[:-1], _STATES)
        outputs: NDArray[Any] = np.matmul(work, level.output.astype(dtype, copy=False))
        return outputs.reshape(channels, frames, -1)

    def _starts(self, total: Matrix) -> Matrix:
        """State before each frame [shape=(channels, frames, 4)], one step a frame."""
        step = np.ascontiguousarray(_ladder(self._rate, self._frame)[-1].step.T)
        starts = np.empty((total.shape[1], total.shape[0], _STATES))
        state = self._state
        for start, added in zip(starts, total.transpose(1, 0, 2), strict=True):
            start[...] = state
            state = state.dot(step)
            state += added
        self._state = state
        return starts.transpose(1, 0, 2)
