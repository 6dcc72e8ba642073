"""A step on the mid, the side, the left or the right of a stereo sound, in time with what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bridge.audio import Samples
from bridge.effects.processor import Processor, Sound
from bridge.planning.part import Part

_HEARD: dict[Part, tuple[float, float]] = {
    "mid": (0.5, 0.5),
    "side": (0.5, -0.5),
    "left": (1.0, 0.0),
    "right": (0.0, 1.0),
}
"""The part as a sum of left and right."""

_GIVEN: dict[Part, tuple[float, float]] = {
    "mid": (1.0, 1.0),
    "side": (1.0, -1.0),
    "left": (1.0, 0.0),
    "right": (0.0, 1.0),
}
"""How much of a change of the part goes to left and right."""


def taken(part: Part, block: Samples) -> Samples:
    """The part of a block [shape=(2, frames)] as one channel [shape=(1, frames)]."""
    if part == "left":
        return block[:1]
    if part == "right":
        return block[1:]
    left, right = _HEARD[part]
    return np.asarray(left * block[:1] + right * block[1:], np.float32)


class PartOf:
    """Runs a mono processor on the part, and adds what it has changed to the pair that has waited for it.

    As only the change is added, a processor that does nothing leaves every bit as it was, and so does any one to the
    channel it does not work on. What the processor offers besides (`warnings`, `unreached` ...) is offered on.
    """

    def __init__(self, inner: Processor, part: Part) -> None:
        """part: not "all"."""
        self._inner = inner
        self._part: Part = part
        self.latency_frames = inner.latency_frames
        self._waiting = np.zeros((2, inner.latency_frames), np.float32)

    def __getattr__(self, name: str) -> Any:
        if name == "_inner":
            raise AttributeError(name)
        return getattr(self._inner, name)

    def process(self, block: Samples) -> Samples:
        self._waiting = np.concatenate([self._waiting, block], axis=1)
        return self._joined(self._inner.process(np.ascontiguousarray(taken(self._part, block))))

    def flush(self) -> Samples:
        return self._joined(self._inner.flush())

    def _joined(self, made: Samples) -> Samples:
        """What was made, with the pair of the same moment; what comes after all of the pair joins silence."""
        frames = made.shape[1]
        pair, self._waiting = self._waiting[:, :frames], self._waiting[:, frames:]
        pair = np.pad(pair, ((0, 0), (0, frames - pair.shape[1])))
        change = made.astype(np.float64) - taken(self._part, pair)
        shares = np.array(_GIVEN[self._part])[:, None]
        changed = (pair + shares * change).astype(np.float32)
        if self._part in (
            "left",
            "right",
        ):  # not by arithmetic: pair + (made - pair) is not made to the last bit
            changed[0 if self._part == "left" else 1] = made[0]
        return changed


class PartSound:
    """The part of a sound that can be read again, for effects that must know it."""

    channels = 1

    def __init__(self, sound: Sound, part: Part) -> None:
        self._sound = sound
        self._part: Part = part

    @property
    def rate(self) -> int:
        return self._sound.rate

    @property
    def frames(self) -> int:
        return self._sound.frames

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        for block in self._sound.blocks(frames):
            yield np.ascontiguousarray(taken(self._part, block))
