"""Samples to the bytes of a plain container: integers of 8 to 32 bits, floats of 32 and 64, either byte order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples


def sample_bytes(subtype: str) -> int:
    """Bytes of one sample of a plain subtype."""
    return {"PCM_S8": 1, "PCM_U8": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8}[subtype]


def integers_to_bytes(integers: NDArray[np.int32], subtype: str, order: str) -> bytes:
    """Interleaved integers [shape=(frames, channels)] to bytes. order: "<" little-endian, ">" big-endian."""
    if subtype == "PCM_U8":
        return (integers + 128).astype(np.uint8).tobytes()
    if subtype == "PCM_S8":
        return integers.astype(np.int8).tobytes()
    if subtype == "PCM_24":
        four = np.ascontiguousarray(integers, f"{order}i4").view(np.uint8).reshape(-1, 4)
        three = np.empty((len(four), 3), np.uint8)
        for byte in range(3):  # three times as fast as copying all rows at once
            three[:, byte] = four[:, byte if order == "<" else byte + 1]
        return three.tobytes()
    return integers.astype(f"{order}i{sample_bytes(subtype)}").tobytes()


def floats_to_bytes(block: Samples, subtype: str, order: str) -> bytes:
    """Planar float32 [shape=(channels, frames)] to interleaved bytes, unclipped."""
    return block.T.astype(f"{order}f{sample_bytes(subtype)}").tobytes()
