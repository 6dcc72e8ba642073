"""How sharply notes and hits stand out of what sounds before them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.passes.loudness import Loudness
from bridge.analysis.stream import HOPS_PER_S
from bridge.analysis.unmeasurable import Unmeasurable

_BEFORE, _GAP, _AFTER = 5, 2, 6
"""Hops of 10 ms: what is compared, what is left out between (the onset's own time is known to a hop or two)."""

_MOST_DB = 40.0
"""After silence there is no end to the rise."""


def transient_strength_db(starts_s: NDArray[np.float64], loudness: Loudness) -> float:
    """Median over onsets of the loudest hop after against the mean before, in dB.

    Raises Unmeasurable where loudness is, and where nothing begins with something before it.
    """
    loudness.windows(40, step=10)
    energies = loudness.energies.values
    at = np.rint(starts_s * HOPS_PER_S).astype(np.int64)
    at = at[(at >= _BEFORE + _GAP) & (at + _AFTER <= energies.size)]
    if not at.size:
        raise Unmeasurable("nothing begins after something else")
    before = energies[at[:, None] - _GAP - _BEFORE + np.arange(_BEFORE)].mean(axis=1)
    after = energies[at[:, None] - _GAP + np.arange(_GAP + _AFTER)].max(axis=1)
    kept = after > 0
    if not kept.any():
        raise Unmeasurable("nothing begins after something else")
    lowest = after[kept] * 10 ** (-_MOST_DB / 10)
    rises = 10.0 * np.log10(after[kept] / np.maximum(before[kept], lowest))
    return float(np.median(rises))
