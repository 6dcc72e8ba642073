"""The Bark scale: bands as wide as those in which the ear masks one sound by another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BARK_EDGES_HZ = (
    20.0, 100.0, 200.0, 300.0, 400.0, 510.0, 630.0, 770.0, 920.0, 1080.0, 1270.0, 1480.0, 1720.0,
    2000.0, 2320.0, 2700.0, 3150.0, 3700.0, 4400.0, 5300.0, 6400.0, 7700.0, 9500.0, 12000.0, 15500.0,
)  # fmt: skip
"""Edges of the 24 critical bands (E. Zwicker, "Subdivision of the audible frequency range into critical bands", JASA
33, 1961); the lowest begins at 20 Hz instead of 0, where nothing is heard."""

BARK_BANDS = len(BARK_EDGES_HZ) - 1


def bark_bins(rate: int, length: int) -> NDArray[np.intp]:
    """First bin of each band of a transform of `length` samples, and the end of the last [shape=(BARK_BANDS + 1,)].

    A bin belongs to the band in which its centre lies; bands above half the rate are empty.
    """
    edges = np.ceil(np.array(BARK_EDGES_HZ) * length / rate - 1e-9)
    bins: NDArray[np.intp] = np.minimum(edges, length // 2 + 1).astype(np.intp)
    return bins
