"""A wave as each sample foretold from those before it, and lost samples put back as that foretells them.

Source: S. Godsill and P. Rayner, "Digital Audio Restoration", Springer 1998, ch. 4 (prediction) and 5.2.2 (least
squares interpolation); the alternation of both is Janssen, Veldhuis and Vries, IEEE Trans. ASSP 34 (1986), 317-330.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float64]

_FLOOR = 1e-9
"""Of the power: keeps pure tones, which are foretold without any rest, solvable."""


def weights_of(wave: Wave, order: int) -> Wave:
    """Prediction error filter [1, a1, ... a_order] of a wave [shape=(n,)], by autocorrelation under Hann's window."""
    from scipy.fft import next_fast_len
    from scipy.linalg import solve_toeplitz

    seen = wave * _hann(wave.size)
    size = next_fast_len(wave.size + order, real=True)
    spectrum = np.fft.rfft(seen, size)
    lags = np.fft.irfft(np.abs(spectrum) ** 2, size)[: order + 1]
    if lags[0] <= 0:
        return np.concatenate([[1.0], np.zeros(order)])
    lags[0] *= 1 + _FLOOR
    found: Wave = np.concatenate([[1.0], -solve_toeplitz(lags[:-1], lags[1:])])
    return found


@lru_cache(maxsize=64)
def _hann(size: int) -> Wave:
    return np.hanning(size)


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
    from scipy.linalg.lapack import dposv

    above, known = normal(wave, at, weights)
    _, found, failed = dposv(above, -known)  # scipy's `solve` takes several times as long for so few unknowns
    return np.asarray(np.linalg.lstsq(above, -known)[0] if failed else found, np.float64)


def normal(wave: Wave, at: NDArray[np.intp], weights: Wave) -> tuple[Wave, Wave]:
    """The normal equations of that: matrix [shape=(m, m)] and what the known samples give [shape=(m,)]."""
    lags = np.correlate(weights, weights, "full")[weights.size - 1 :]
    reach = lags.size
    above = np.append(lags, 0.0)[np.minimum(np.abs(at[:, None] - at[None]), reach)]
    above[np.diag_indices_from(above)] *= 1 + 1e-9
    without = np.pad(wave, reach - 1)
    without[at + reach - 1] = 0.0
    both = np.concatenate([lags[:0:-1], lags])
    around = np.lib.stride_tricks.sliding_window_view(without, both.size)[at]
    return above, around @ both
