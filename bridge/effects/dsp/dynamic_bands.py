"""Equalizer bands whose gain moves with the level: each is the sound and so much of one filter more or less.

sound + (g - 1) * filter(sound), with the cookbook's band-pass of unity peak, is a bell of gain g with the band-pass's
own width; with a first-order low- or high-pass it is a shelf. Minimum phase, no delay, and where g is 1 the very same
samples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.ballistics import AttackRelease
from bridge.effects.dsp.biquad import Coefficients, Filter
from bridge.effects.dsp.detector import linked_level_db
from bridge.effects.dsp.dynamics import Hold, linear
from bridge.effects.dsp.reduction import Reduction
from bridge.effects.dsp.silence import nothing
from bridge.units import frames_from_ms

Wave = NDArray[np.float64]
Kind = Literal["bell", "low_shelf", "high_shelf"]

_HIGHEST_OF_RATE = 0.45
HOLD_MS = 25.0
"""Half a period of 20 Hz."""


@dataclass(frozen=True)
class Moving:
    """One band. range_db: the gain at its farthest, a cut below 0. above: whether it moves as the level in the band
    goes over the threshold, or under it. slope: dB of gain for each dB beyond the threshold, up to the range."""

    kind: Kind
    frequency_hz: float
    q: float
    threshold_db: float
    range_db: float
    above: bool
    slope: float
    attack_ms: float
    release_ms: float


class DynamicBands:
    """All bands listen to the sound as it comes in, so that none of them moves another."""

    latency_frames = 0

    def __init__(self, bands: list[Moving], rate: int, channels: int, names: tuple[str, ...]) -> None:
        self._bands = bands
        self._filters = [Filter(_filter(band, rate)[None], channels) for band in bands]
        self._ballistics = [AttackRelease(band.attack_ms, band.release_ms, rate) for band in bands]
        self._holds = [Hold(frames_from_ms(HOLD_MS, rate)) for _ in bands]
        self._channels = channels
        self.reduction = Reduction(rate, names) if bands else None

    def process(self, block: Samples) -> Samples:
        if not self._bands or not block.shape[1]:
            return block
        change = np.zeros(block.shape)
        moved = []
        for k, (band, filtered, ballistics) in enumerate(
            zip(self._bands, self._filters, self._ballistics, strict=True)
        ):
            own = filtered.run(block)
            asked = np.clip(band.slope * self._beyond_db(k, own), 0.0, abs(band.range_db))
            gain_db = math.copysign(1.0, band.range_db) * ballistics.run(asked)
            moved.append(-gain_db)
            change += (linear(gain_db) - 1.0) * own
        assert self.reduction is not None
        self.reduction.push(np.array(moved))
        return (block + change).astype(np.float32)

    def _beyond_db(self, k: int, own: Wave) -> Wave:
        """How far the level in the band with that number is beyond its threshold, above 0 where it is."""
        level_db = linked_level_db(own)
        if self._bands[k].above:
            return level_db - self._bands[k].threshold_db
        # Each wave passes through nothing twice; what is soft is only what stays so for longer.
        return self._bands[k].threshold_db - self._holds[k].run(level_db)

    def flush(self) -> Samples:
        return nothing(self._channels)


def _filter(band: Moving, rate: int) -> Coefficients:
    """What the band turns: all of it at the middle of a bell or at the end of a shelf, nothing far off."""
    w0 = 2 * math.pi * min(band.frequency_hz, _HIGHEST_OF_RATE * rate) / rate
    if band.kind == "bell":  # Audio EQ Cookbook, BPF with constant 0 dB peak gain
        alpha = math.sin(w0) / (2 * band.q)
        a0 = 1 + alpha
        return np.array([alpha / a0, 0.0, -alpha / a0, 1.0, -2 * math.cos(w0) / a0, (1 - alpha) / a0])
    k = math.tan(w0 / 2)  # first order, bilinear
    if band.kind == "low_shelf":
        return np.array([k / (k + 1), k / (k + 1), 0.0, 1.0, (k - 1) / (k + 1), 0.0])
    return np.array([1 / (k + 1), -1 / (k + 1), 0.0, 1.0, (k - 1) / (k + 1), 0.0])
