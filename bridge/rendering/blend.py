"""Dry and wet of one step, in time with each other: how much of it is heard, and where."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.errors import BadPlan
from bridge.planning.plan import Region
from bridge.units import frames_from_ms, frames_from_s

_BEYOND = 2**62  # behind every sound; a region may end at any second, but numpy counts in 64 bits


class Blend:
    """Keeps the dry sound until the wet one comes, however late a processor gives it, and mixes the two.

    In a region the fades lie inside of it and are of equal gain (dry and wet are alike, so powers would bulge):
    outside the region the samples are the very same bits.
    """

    def __init__(self, wet: float, region: Region | None, rate: int, channels: int) -> None:
        self._share = wet
        self._span = _span(region, rate) if region else None
        self._dry = np.zeros((channels, 0), np.float32)
        self._position = 0

    def take_dry(self, block: Samples) -> None:
        self._dry = np.concatenate([self._dry, block], axis=1) if self._dry.shape[1] else block

    def give(self, wet: Samples) -> Samples:
        """The next wet block [shape=(channels, frames)], mixed with the dry sound of the same moment."""
        frames = wet.shape[1]
        dry, self._dry = self._dry[:, :frames], self._dry[:, frames:]
        weight = self._weight(self._position, frames)
        self._position += frames
        mixed = dry + weight * (wet - dry)
        # Not by arithmetic at both ends: dry + 1 * (wet - dry) is not wet to the last bit.
        return np.asarray(np.where(weight <= 0, dry, np.where(weight >= 1, wet, mixed)), np.float32)

    def _weight(self, start: int, frames: int) -> NDArray[np.float32]:
        """How much of the wet sound each frame has [shape=(frames,)]."""
        if self._span is None:
            return np.full(frames, self._share, np.float32)
        first, end, fade = self._span
        at = np.arange(start, start + frames)
        inside = np.clip(np.minimum(at - first, end - 1 - at) / max(fade, 1), 0.0, 1.0)
        curve = np.where((at >= first) & (at < end), inside if fade else 1.0, 0.0)
        return np.asarray(self._share * (0.5 - 0.5 * np.cos(np.pi * curve)), np.float32)


def _span(region: Region, rate: int) -> tuple[int, int, int]:
    """First frame, end frame and fade frames. Raises BadPlan for a region that ends before it starts."""
    if region.end_s <= region.start_s:
        raise BadPlan(f"A region from {region.start_s:g} s to {region.end_s:g} s ends before it starts.")
    first, end = (min(frames_from_s(each, rate), _BEYOND) for each in (region.start_s, region.end_s))
    return first, end, min(frames_from_ms(region.fade_ms, rate), (end - first) // 2)
