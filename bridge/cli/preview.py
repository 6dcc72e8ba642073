"""The loudest stretch of a sound, as a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.files import SoundFile

SECONDS = 15.0
HOP_S = 0.1


def loudest(sound: SoundFile, seconds: float = SECONDS) -> tuple[int, int]:
    """First and last frame + 1 of the `seconds` with the most energy, on a grid of 0.1 s.

    Plain power, not loudness: it only has to find the dense part. Reads the sound once, in blocks.
    """
    import numpy as np

    hop = max(1, round(HOP_S * sound.rate))
    wide = round(seconds / HOP_S)
    powers = [float(np.square(block, dtype=np.float64).sum()) for block in sound.blocks(hop)]
    if len(powers) <= wide:
        return 0, sound.frames
    sums = np.convolve(powers, np.ones(wide), "valid")
    start = int(np.argmax(sums)) * hop
    return start, min(start + wide * hop, sound.frames)


def cut(sound: SoundFile, start: int, end: int, path: Path) -> None:
    """Writes frames [start, end) of a sound to `path`, in the format that its result would have."""
    from bridge.files import SoundWriter, result_format

    format = result_format(sound.format)
    position = 0
    with SoundWriter(
        path, sound.rate, sound.channels, format, sound, None, source_start_frame=start
    ) as writer:
        for block in sound.blocks():
            piece = block[:, max(start - position, 0) : max(end - position, 0)]
            if piece.shape[1]:
                writer.write(piece)
            position += block.shape[1]
            if position >= end:
                return
