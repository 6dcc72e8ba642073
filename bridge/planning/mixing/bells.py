"""Bells that may make room: where they can lie, what each does to the Bark bands, and what that costs in loudness."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.bark import BARK_BANDS, BARK_EDGES_HZ
from bridge.analysis.k_weighting import coefficients
from bridge.effects.equalizer import HIGHEST_OF_RATE, Band, sections

Factors = NDArray[np.float64]
"""Of the power in each Bark band [shape=(24,)]."""

MOST_CUT_DB = 4.0
"""A deeper cut would be heard on the masker itself."""

_DEPTHS_DB = (MOST_CUT_DB, 3.0, 2.0)
_QS = (0.7, 1.0, 1.4, 2.0)
_POINTS = 5
_K_RATE = 48000


@dataclass(frozen=True)
class Bell:
    band: Band
    factors: Factors


@lru_cache(maxsize=8)
def bells(rate: int) -> tuple[Bell, ...]:
    """Gentle bells at the middles of the Bark bands of a sound of `rate` Hz, the lowest band left out."""
    found = []
    for low, high in pairwise(BARK_EDGES_HZ[1:]):
        if high > HIGHEST_OF_RATE * rate:
            break
        centre = float(f"{np.sqrt(low * high):.2g}")
        for q in _QS:
            for depth_db in _DEPTHS_DB:
                band = Band(kind="bell", frequency_hz=centre, gain_db=-depth_db, q=q)
                found.append(Bell(band, _factors(band, rate)))
    return tuple(found)


def _factors(band: Band, rate: int) -> Factors:
    """Mean power response within each Bark band."""
    from scipy.signal import sosfreqz

    edges = np.maximum(np.array(BARK_EDGES_HZ), 20.0)
    at = np.stack([np.geomspace(low, high, _POINTS) for low, high in pairwise(edges)])
    _, response = sosfreqz(sections(band, rate), worN=np.minimum(at.ravel(), 0.49 * rate), fs=rate)
    return np.asarray(np.mean(np.abs(response.reshape(at.shape)) ** 2, axis=1))


@lru_cache(maxsize=1)
def loudness_weights() -> Factors:
    """Power response of the K filter of BS.1770-4 at the middle of each Bark band [shape=(24,)]."""
    from scipy.signal import freqz

    edges = np.maximum(np.array(BARK_EDGES_HZ), 20.0)
    middles = np.sqrt(edges[:-1] * edges[1:])
    weights = np.ones(BARK_BANDS)
    for b0, b1, b2, a1, a2 in coefficients(_K_RATE):
        _, response = freqz([b0, b1, b2], [1.0, a1, a2], worN=middles, fs=_K_RATE)
        weights *= np.abs(response) ** 2
    return weights
