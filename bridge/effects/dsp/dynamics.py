"""Gain that follows the level: one detector for all channels, so that the image does not move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.silence import nothing

Curve = NDArray[np.float64]

FLOOR_DBFS = -200.0


def linked_level_db(block: Samples) -> Curve:
    """Largest sample magnitude of all channels, in dBFS, frame by frame [shape=(frames,)]."""
    peak = np.abs(block).max(axis=0).astype(np.float64)
    return np.asarray(20.0 * np.log10(np.maximum(peak, 1e-10)), np.float64)


def linear(gain_db: Curve) -> Curve:
    """Amplitude factors of gains in dB."""
    return np.asarray(10.0 ** (gain_db / 20.0), np.float64)


class Follower:
    """A stream times a gain that `curve` computes from the linked level, causally and without delay."""

    latency_frames = 0

    def __init__(self, curve: Callable[[Curve], Curve], channels: int) -> None:
        """curve: level in dBFS -> amplitude factor, both [shape=(frames,)]; carries its own state."""
        self._curve = curve
        self._channels = channels

    def process(self, block: Samples) -> Samples:
        if not block.shape[1]:
            return block
        return (block * self._curve(linked_level_db(block))).astype(np.float32)

    def flush(self) -> Samples:
        return nothing(self._channels)


class Hold:
    """The highest of the last `frames` values: bridges the zero crossings of a wave. Causal, state carried."""

    def __init__(self, frames: int) -> None:
        self._size = max(1, frames)
        self._past = np.full(self._size - 1, FLOOR_DBFS)

    def run(self, level_db: Curve) -> Curve:
        from scipy.ndimage import maximum_filter1d

        joined = np.concatenate([self._past, level_db])
        self._past = joined[len(joined) - self._size + 1 :]
        highest = maximum_filter1d(joined, self._size, origin=(self._size - 1) // 2)
        return np.asarray(highest[self._size - 1 :], np.float64)
