"""A wave as each sample foretold from those before it, and lost samples put back as that foretells them.

Source: S. Godsill and P. Rayner, "Digital Audio Restoration", Springer 1998, ch. 4 (prediction) and 5.2.2 (least
squares interpolation); the alternation of both is Janssen, Veldhuis and Vries, IEEE Trans. ASSP 34 (1986), 317-330.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float64]

_FLOOR = 1e-9
"""Of the power: keeps pure tones, which are foretold without any rest, solvable."""


def weights_of(wave: Wave, order: int) -> Wave:
    """Prediction error filter [1, a1, ... a_order] of a wave [shape=(n,)], by autocorrelation under Hann's window."""
    from scipy.linalg import solve_toeplitz

    seen = wave * np.hanning(wave.size)
    size = 1 << int(2 * wave.size - 1).bit_length()
    spectrum = np.fft.rfft(seen, size)
    lags = np.fft.irfft(np.abs(spectrum) ** 2, size)[: order + 1]
    if lags[0] <= 0:
        return np.concatenate([[1.0], np.zeros(order)])
    lags[0] *= 1 + _FLOOR
    found: Wave = np.concatenate([[1.0], -solve_toeplitz(lags[:-1], lags[1:])])
    return found


def left_over(wave: Wave, weights: Wave) -> Wave:
    """What prediction leaves of each sample; the first ones, which nothing foretells, are 0 [shape=(n,)]."""
    from scipy.signal import lfilter

    rest: Wave = np.asarray(lfilter(weights, [1.0], wave), np.float64)
    rest[: weights.size - 1] = 0.0
    return rest


def filled(wave: Wave, lost: NDArray[np.bool_], order: int, rounds: int = 2) -> Wave:
    """The wave with its lost samples as the others foretell them, in least squares; prediction and samples in turn.

    wave, lost [shape=(n,)]; lost samples should have `order` known ones on either side.
    """
    out = np.where(lost, 0.0, wave)
    at = np.flatnonzero(lost)
    if not at.size or at.size >= wave.size - 2 * order:
        return out
    known = np.flatnonzero(~lost)
    out[at] = np.interp(at, known, wave[known])
    for _ in range(rounds):
        out[at] = solved(out, at, weights_of(out, order))
    return out


def solved(wave: Wave, at: NDArray[np.intp], weights: Wave) -> Wave:
    """Samples at `at` for which the sum of squares that prediction leaves is least [shape=(at.size,)]."""
    from scipy.linalg import solve

    above, known = normal(wave, at, weights)
    found: Wave = np.asarray(solve(above, -known, assume_a="pos"), np.float64)
    return found


def normal(wave: Wave, at: NDArray[np.intp], weights: Wave) -> tuple[Wave, Wave]:
    """The normal equations of that: matrix [shape=(m, m)] and what the known samples give [shape=(m,)]."""
    lags = np.correlate(weights, weights, "full")[weights.size - 1 :]
    apart = np.abs(at[:, None] - at[None])
    above = np.where(apart < lags.size, lags[np.minimum(apart, lags.size - 1)], 0.0)
    above[np.diag_indices_from(above)] *= 1 + 1e-9
    without = wave.copy()
    without[at] = 0.0
    both = np.concatenate([lags[:0:-1], lags])
    known = np.convolve(without, both, "same")[at]
    return above, known
