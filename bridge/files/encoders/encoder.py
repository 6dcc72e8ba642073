"""What SoundWriter asks of a container being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples

ChunkBytes = tuple[bytes, bytes]
"""(id of four bytes, payload)."""


@dataclass(frozen=True)
class Shape:
    """rate in Hz, channels, subtype; mask: speaker positions for WAVE_FORMAT_EXTENSIBLE, None for a plain header."""

    rate: int
    channels: int
    subtype: str
    mask: int | None = None


class Encoder(Protocol):
    """Header first, then sound in blocks, then what follows it, then the sizes."""

    container: str

    def write_integers(self, integers: NDArray[np.int32]) -> None:
        """[shape=(frames, channels)] within the subtype's span."""
        ...

    def write_floats(self, block: Samples) -> None:
        """[shape=(channels, frames)]"""
        ...

    def close(self, tail: Sequence[ChunkBytes]) -> None:
        """Writes the chunks that stand after the sound and patches the sizes."""
        ...
