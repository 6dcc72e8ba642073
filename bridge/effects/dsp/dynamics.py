"""Gain that follows the level: one detector for all channels, so that the image does not move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.compiled import maximum_filter1d
from bridge.effects.dsp.detector import Detector, Peak
from bridge.effects.dsp.reduction import Reduction

Curve = NDArray[np.float64]

FLOOR_DBFS = -200.0


def linear(gain_db: Curve) -> Curve:
    """Amplitude factors of gains in dB."""
    return np.asarray(10.0 ** (gain_db / 20.0), np.float64)


class Follower:
    """A stream times a gain that `curve` computes from the detected level; causal, and late by the look-ahead alone."""

    def __init__(
        self,
        curve: Callable[[Curve], Curve],
        channels: int,
        *,
        detector: Detector | None = None,
        lookahead_frames: int = 0,
        reduction: Reduction | None = None,
    ) -> None:
        """curve: level in dBFS -> amplitude factor, both [shape=(frames,)]; carries its own state, and writes into
        `reduction` what it did. lookahead_frames: by which the sound waits for its gain."""
        self._curve = curve
        self._detector = detector or Peak()
        self._held = np.zeros((channels, lookahead_frames), np.float32)
        self.latency_frames = lookahead_frames
        self.reduction = reduction
        self.warnings: tuple[str, ...] = ()
        self.unreached: str | None = None

    def process(self, block: Samples) -> Samples:
        if not block.shape[1]:
            return block
        gain = self._curve(self._detector.run(block))
        return (self._late(block) * gain).astype(np.float32)

    def flush(self) -> Samples:
        return self.process(np.zeros_like(self._held))

    def _late(self, block: Samples) -> Samples:
        if not self.latency_frames:
            return block
        joined = np.concatenate([self._held, block], axis=1)
        self._held = joined[:, block.shape[1] :].copy()
        return joined[:, : block.shape[1]]


class Hold:
    """The highest of the last `frames` values: bridges the zero crossings of a wave. Causal, state carried."""

    def __init__(self, frames: int) -> None:
        self._size = max(1, frames)
        self._past = np.full(self._size - 1, FLOOR_DBFS)

    def run(self, level_db: Curve) -> Curve:
        joined = np.concatenate([self._past, level_db])
        self._past = joined[len(joined) - self._size + 1 :]
        highest = maximum_filter1d(joined, self._size, origin=(self._size - 1) // 2)
        return np.asarray(highest[self._size - 1 :], np.float64)


class Schmitt:
    """Open from `opens_db` up, closed below `closes_db`, and in between as it was. Causal, state carried."""

    def __init__(self, opens_db: float, closes_db: float) -> None:
        self._opens, self._closes = opens_db, closes_db
        self._open = False

    def run(self, level_db: Curve) -> NDArray[np.bool_]:
        """Level in dBFS -> whether it is open [shape=(frames,)]."""
        said = np.where(level_db >= self._opens, 1, np.where(level_db < self._closes, -1, 0))
        last = np.maximum.accumulate(np.where(said != 0, np.arange(len(said)), -1))
        state = np.where(last >= 0, said[last] > 0, self._open)
        if len(state):
            self._open = bool(state[-1])
        return np.asarray(state, np.bool_)
