"""Channels turned over and changed over: signs and an order, nothing else."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.sides import PAIRS
from bridge.effects.dsp.silence import nothing


class Routing:
    """The channel that comes out at `order[n]` is number n; every sample is multiplied by 1 or -1 alone."""

    latency_frames = 0

    def __init__(self, invert: bool, sides: tuple[bool, bool], swap: bool, channels: int) -> None:
        """sides: whether left and right of the front pair are turned over as well."""
        self._channels = channels
        signs = np.full(channels, -1.0 if invert else 1.0, np.float32)
        order = list(range(channels))
        pairs = PAIRS.get(channels, ())
        for side, turned in zip(pairs[0] if pairs else (), sides, strict=False):
            signs[side] *= -1.0 if turned else 1.0
        for left, right in pairs if swap else ():
            order[left], order[right] = right, left
        self._signs, self._order = signs[order, None], order
        self._idle = bool((signs > 0).all()) and order == sorted(order)
        plural = "" if channels == 1 else "s"
        text = f"there is no left and right in a sound of {channels} channel{plural}"
        self.warnings = (text,) if (any(sides) or swap) and not pairs else ()

    def process(self, block: Samples) -> Samples:
        return block if self._idle else block[self._order] * self._signs

    def flush(self) -> Samples:
        return nothing(self._channels)
