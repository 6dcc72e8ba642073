"""Runs: where a row of yes and no stays at yes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and one past the last index of each unbroken run of True, in order [shape of `mask`=(n,)]."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return [(first, end) for first, end in edges.reshape(-1, 2).tolist()]
