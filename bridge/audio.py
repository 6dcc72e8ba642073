"""Sound inside the bridge: planar float32 and its rate, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.errors import BadInput

Samples = NDArray[np.float32]
"""Planar samples [shape=(channels, frames), full scale 1.0]."""

LARGEST = 1e9
"""Samples beyond +180 dBFS are no sound; they count as not finite, since their powers would overflow."""


@dataclass(frozen=True, eq=False)
class Audio:
    """A whole sound in memory.

    samples: float32 [shape=(channels, frames)], full scale 1.0; values beyond it are legal (float files).
    rate: frames per second in Hz.
    """

    samples: Samples
    rate: int

    def __post_init__(self) -> None:
        samples = self.samples
        if not isinstance(samples, np.ndarray) or samples.ndim != 2 or samples.dtype != np.float32:
            raise BadInput(
                f"Audio wants float32 samples of shape (channels, frames), not {_kind(samples)}; "
                "for mono use samples[None, :], for interleaved sound samples.T."
            )
        if not isinstance(self.rate, int | np.integer) or self.rate <= 0:
            raise BadInput(f"Audio wants a rate in whole Hz above 0, not {self.rate!r}.")

    @property
    def channels(self) -> int:
        return int(self.samples.shape[0])

    @property
    def frames(self) -> int:
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        return self.frames / self.rate

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        """The sound cut into blocks [shape=(channels, <=frames)] in order; views, not copies."""
        for start in range(0, self.frames, frames):
            yield self.samples[:, start : start + frames]


def _kind(samples: object) -> str:
    if isinstance(samples, np.ndarray):
        return f"{samples.dtype} of shape {samples.shape}"
    return f"a {type(samples).__name__}"
