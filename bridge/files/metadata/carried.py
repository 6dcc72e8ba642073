"""Carried: the chunks and tags of a source, ready to be written into a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bridge.files.encoders.encoder import ChunkBytes
from bridge.files.formats import SoundFormat
from bridge.files.sound_file import SoundFile


@dataclass
class Carried:
    """head: chunks that stand before the sound. tags: for containers that soundfile writes.

    `tail(frames)`, asked once the result's length is known, gives the chunks after the sound and may add warnings.
    """

    head: tuple[ChunkBytes, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    finish: Callable[[int, list[str]], tuple[ChunkBytes, ...]] | None = None

    def tail(self, frames: int) -> tuple[ChunkBytes, ...]:
        return self.finish(frames, self.warnings) if self.finish is not None else ()


NOTHING = Carried()


def carried_from(source: SoundFile, format: SoundFormat, rate: int, channels: int, start: int) -> Carried:
    """What of `source` the result of this format, rate and channels can hold."""
    return Carried()
