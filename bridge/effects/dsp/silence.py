"""The end of a stream that holds nothing back."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples


def nothing(channels: int) -> Samples:
    """No frames [shape=(channels, 0)]."""
    return np.zeros((channels, 0), np.float32)
