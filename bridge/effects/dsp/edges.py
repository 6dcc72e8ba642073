"""The two ends of a sound: where it begins and ends to be heard, what is kept of it, and fades."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.silence import nothing
from bridge.effects.processor import Sound

Shape = Literal["linear", "equal_power", "s_curve"]

Row = NDArray[np.float32]

CURVES: dict[Shape, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "linear": lambda at: at,
    "equal_power": lambda at: np.sin(0.5 * np.pi * at),
    "s_curve": lambda at: 0.5 - 0.5 * np.cos(np.pi * at),
}
"""Gain of a fade-in from 0 (silent) to 1 (whole)."""


def sounding(sound: Sound, threshold_db: float) -> tuple[int, int]:
    """First frame and end frame of what is louder than `threshold_db` below the highest sample; (0, 0) for silence."""
    peak = max((float(np.max(np.abs(block), initial=0.0)) for block in sound.blocks()), default=0.0)
    if peak <= 0.0:
        return 0, 0
    level = peak * 10 ** (threshold_db / 20)
    first, end, at = -1, 0, 0
    for block in sound.blocks():
        loud = np.flatnonzero(np.max(np.abs(block), axis=0, initial=0.0) >= level)
        if loud.size:
            first = at + int(loud[0]) if first < 0 else first
            end = at + int(loud[-1]) + 1
        at += block.shape[1]
    return first, end


class Kept:
    """Lets through the frames from `first` to `end` and nothing else, with fades at the cuts.

    rise, fall: frames of the fades, 0 where the end of the sound itself is kept.
    """

    latency_frames = 0

    def __init__(self, channels: int, first: int, end: int, rise: int, fall: int) -> None:
        self._channels = channels
        self._first, self._end = first, end
        self._fades = Fades(end - first, rise, fall, "s_curve", "s_curve", channels)
        self._position = 0
        self.warnings: tuple[str, ...] = ()

    def process(self, block: Samples) -> Samples:
        start = self._position
        self._position += block.shape[1]
        part = block[:, max(0, self._first - start) : max(0, self._end - start)]
        return self._fades.process(part) if part.shape[1] else nothing(self._channels)

    def flush(self) -> Samples:
        return nothing(self._channels)


class Fades:
    """A gain that rises over the first `rise` frames and falls over the last `fall` of `frames`."""

    latency_frames = 0

    def __init__(
        self, frames: int, rise: int, fall: int, shape_in: Shape, shape_out: Shape, channels: int
    ) -> None:
        self._channels = channels
        self._rise, self._fall = min(rise, frames), min(fall, frames)
        self._frames = frames
        self._in, self._out = CURVES[shape_in], CURVES[shape_out]
        self._position = 0

    def process(self, block: Samples) -> Samples:
        at = np.arange(self._position, self._position + block.shape[1])
        self._position += block.shape[1]
        if at.size == 0 or (at[0] >= self._rise and at[-1] < self._frames - self._fall):
            return block
        gain = self._in(np.clip(at / max(self._rise, 1), 0.0, 1.0)) if self._rise else np.ones(at.size)
        if self._fall:
            gain = gain * self._out(np.clip((self._frames - 1 - at) / self._fall, 0.0, 1.0))
        return np.asarray(block * gain.astype(np.float32), np.float32)

    def flush(self) -> Samples:
        return nothing(self._channels)
