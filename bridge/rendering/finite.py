"""A source that is looked at while it is read: what is no number must reach no step, nor a step's search before it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bridge.audio import Samples
from bridge.effects.processor import Sound
from bridge.errors import BadInput


class Finite:
    """The same Sound; reading it raises BadInput at a sample that is NaN or infinite, with its place."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self.rate, self.channels, self.frames = sound.rate, sound.channels, sound.frames

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        done = 0
        for block in self._sound.blocks(frames):
            if not np.isfinite(block).all():
                raise BadInput(
                    f"The sound holds a sample that is not a number near {done / self.rate:.2f} s."
                )
            done += block.shape[1]
            yield block
