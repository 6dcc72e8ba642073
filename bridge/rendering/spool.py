"""A sound on its way between two steps, kept so that it can be read again: raw float32 in a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np

from bridge.analysis.reading import Analysis
from bridge.audio import Samples
from bridge.effects.processor import Sound
from bridge.errors import OutputFailed
from bridge.rendering import SPOOL_PREFIX


class Spool:
    """Written once, then read from the start as often as asked. A `Sound`. Gone when closed.

    The file holds one block behind the other as they came, channel by channel, float32; nothing of the sound stays in
    memory but where each block begins.
    """

    def __init__(self, rate: int, channels: int, directory: Path | None) -> None:
        """directory: where the temporary file lies; None is the system's own place."""
        self.rate = rate
        self.channels = channels
        self.frames = 0
        self._lengths: list[int] = []
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile(dir=directory, prefix=SPOOL_PREFIX)  # noqa: SIM115 - `close` ends it
        except OSError as error:
            raise OutputFailed(
                f"No temporary file could be opened in {directory}: {error.strerror}."
            ) from error

    def write(self, block: Samples) -> None:
        """Raises OutputFailed where the disk is full."""
        if not block.size:
            return
        try:
            self._file.write(np.ascontiguousarray(block, np.float32).data.cast("B"))
        except OSError as error:
            raise OutputFailed(f"The sound between two steps could not be kept: {error.strerror}.") from error
        self._lengths.append(block.shape[1])
        self.frames += block.shape[1]

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        at = 0
        for length in self._lengths:
            block = np.empty((self.channels, length), np.float32)
            # Each reader keeps its own place: several may be at work.
            self._file.seek(at)
            at += self._file.readinto(block.data.cast("B"))  # type: ignore[attr-defined]
            for start in range(0, length, frames):
                yield block[:, start : start + frames]

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Measured:
    """A re-readable sound with its measurement (what `needs_sound` effects are handed).

    The measurement is made when it is first asked for: most effects that need the sound measure it in their own way.
    """

    def __init__(self, sound: Sound, heard: Callable[[], None] = lambda: None) -> None:
        """heard: called at each block that is read, so that a long search still shows progress and can be cancelled."""
        self._sound = sound
        self._heard = heard

    @property
    def rate(self) -> int:
        return self._sound.rate

    @property
    def channels(self) -> int:
        return self._sound.channels

    @property
    def frames(self) -> int:
        return self._sound.frames

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        for block in self._sound.blocks(frames):
            self._heard()
            yield block

    @cached_property
    def analysis(self) -> Analysis:
        from bridge.analysis import SLOW_METRICS, analyze_sound

        return analyze_sound(self, without=SLOW_METRICS)
