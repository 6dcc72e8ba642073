"""Files of impulse responses: asked for by an effect, opened by whoever may open files, kept within bounds here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.effects.processor import Sound
from bridge.errors import BadInput, Unavailable

Opener = Callable[[str], AbstractContextManager[Sound]]
"""A path -> the sound in it; refuses paths outside the allowed folders."""

LONGEST_S = 20.0
_CHANNELS = (1, 2, 4)

_opener: ContextVar[Opener | None] = ContextVar("impulse_opener", default=None)


@contextmanager
def impulse_files(opener: Opener) -> Iterator[None]:
    """Within this, effects may read impulse responses through `opener`. It holds for this thread and task alone."""
    token = _opener.set(opener)
    try:
        yield
    finally:
        _opener.reset(token)


@dataclass(frozen=True)
class Impulse:
    """samples [shape=(1, 2 or 4, frames)] at `rate`; four are left to left, left to right, right to left, right to
    right. sha256: of the samples, rate and channels. cut: longer than LONGEST_S."""

    samples: NDArray[np.float64]
    rate: int
    sha256: str
    cut: bool


def read_impulse(path: str) -> Impulse:
    """Raises Unavailable where nobody may open files, BadInput for one that is no impulse response."""
    opener = _opener.get()
    if opener is None:
        raise Unavailable(f"Nothing here opens files, so the impulse response {path!r} cannot be read.")
    with opener(path) as sound:
        return _read(sound, path)


def _read(sound: Sound, path: str) -> Impulse:
    if sound.channels not in _CHANNELS:
        raise BadInput(
            f"{path}: an impulse response has 1, 2 or 4 channels, not {sound.channels}; give another."
        )
    most = round(LONGEST_S * sound.rate)
    blocks, frames = [], 0
    for block in sound.blocks():
        blocks.append(block[:, : most - frames])
        frames += block.shape[1]
        if frames >= most:
            break
    samples = np.concatenate(blocks, axis=1) if blocks else np.zeros((sound.channels, 0), np.float32)
    if not np.isfinite(samples).all():
        raise BadInput(f"{path}: the impulse response holds a sample that is not a number; export it again.")
    if not np.any(np.abs(samples) > 1e-9):
        raise BadInput(f"{path}: the impulse response is silent; give another.")
    digest = hashlib.sha256(f"{sound.rate} {sound.channels} ".encode())
    digest.update(np.ascontiguousarray(samples, "<f4").tobytes())
    return Impulse(samples.astype(np.float64), sound.rate, digest.hexdigest(), frames > most)
