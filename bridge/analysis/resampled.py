"""Resampled: a sound at another rate, so that sounds of several rates can be heard together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.analyzer import Sound
from bridge.audio import Samples


class Whole(Sound, Protocol):
    """A sound whose length is known."""

    @property
    def frames(self) -> int: ...


def at_one_rate(sounds: Mapping[str, Whole]) -> dict[str, Whole]:
    """All of them at the highest rate that one of them has; those that have it are given back as they are."""
    highest = max((sound.rate for sound in sounds.values()), default=0)
    return {
        name: sound if sound.rate == highest else Resampled(sound, highest) for name, sound in sounds.items()
    }


class Resampled:
    """A Sound at `rate` Hz, in time with the one that it is made of; read in blocks, by soxr's best filter (its
    stopband lies below what 24 bits hold)."""

    def __init__(self, sound: Whole, rate: int) -> None:
        self._sound, self.rate, self.channels = sound, rate, sound.channels
        self.frames = round(sound.frames * rate / sound.rate)

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        """Blocks of at most `frames` frames, `self.frames` in all: the filter may give one more, or one less."""
        left = self.frames
        for chunk in self._chunks(max(1, frames * self._sound.rate // self.rate)):
            for at in range(0, min(chunk.shape[1], left), frames):
                block = chunk[:, at : at + min(frames, left)]
                left -= block.shape[1]
                yield block
        for at in range(0, left, frames):
            yield np.zeros((self.channels, min(frames, left - at)), np.float32)

    def _chunks(self, frames: int) -> Iterator[Samples]:
        import soxr

        stream = soxr.ResampleStream(
            self._sound.rate, self.rate, self.channels, dtype="float32", quality="VHQ"
        )
        for block in self._sound.blocks(frames):
            yield self._turned(stream.resample_chunk(np.ascontiguousarray(block.T)))
        yield self._turned(stream.resample_chunk(np.zeros((0, self.channels), np.float32), last=True))

    def _turned(self, chunk: NDArray[np.float32]) -> Samples:
        return np.ascontiguousarray(chunk.reshape(-1, self.channels).T)
