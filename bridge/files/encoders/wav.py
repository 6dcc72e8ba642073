"""WAV being written; it becomes RF64 by itself when it outgrows 4 GiB (EBU Tech 3306 clause 3.5: JUNK to ds64)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.files.containers.riff import ALL_ONES, EXTENSIBLE, IEEE_FLOAT, PCM
from bridge.files.encoders.encoder import ChunkBytes, Shape
from bridge.files.encoding import floats_to_bytes, integers_to_bytes, sample_bytes
from bridge.files.output import Output

RIFF_LIMIT = ALL_ONES - 1
"""Largest RIFF size that a 32-bit field can say; all ones means "see ds64"."""

_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")


class WavEncoder:
    """RIFF with a placeholder for ds64; `always_64` writes RF64 whatever the size (a source that was RF64)."""

    def __init__(
        self, out: Output, shape: Shape, head: Sequence[ChunkBytes] = (), always_64: bool = False
    ) -> None:
        self.container = "RF64" if always_64 else "WAV"
        self._out = out
        self._shape = shape
        self._align = shape.channels * sample_bytes(shape.subtype)
        out.write(b"RIFF\0\0\0\0WAVE" + chunk(b"JUNK", bytes(28)))
        out.write(chunk(b"fmt ", format_payload(shape)))
        for identity, payload in head:
            out.write(chunk(identity, payload))
        self._fact_at = out.tell() + 8
        if shape.subtype in ("FLOAT", "DOUBLE"):  # every format but PCM has to have one
            out.write(chunk(b"fact", bytes(4)))
        out.write(b"data\0\0\0\0")
        self._data_at = out.tell()

    def write_integers(self, integers: NDArray[np.int32]) -> None:
        self._out.write(integers_to_bytes(integers, self._shape.subtype, "<"))

    def write_floats(self, block: Samples) -> None:
        self._out.write(floats_to_bytes(block, self._shape.subtype, "<"))

    def close(self, tail: Sequence[ChunkBytes]) -> None:
        size = self._out.tell() - self._data_at
        self._out.write(bytes(size % 2))
        for identity, payload in tail:
            self._out.write(chunk(identity, payload))
        riff_size = self._out.tell() - 8
        frames = size // self._align
        if self.container == "RF64" or riff_size > RIFF_LIMIT:
            self._patch_64(riff_size, size, frames)
        else:
            self._out.patch(4, struct.pack("<I", riff_size))
            self._out.patch(self._data_at - 4, struct.pack("<I", size))
        if self._shape.subtype in ("FLOAT", "DOUBLE"):
            self._out.patch(self._fact_at, struct.pack("<I", min(frames, ALL_ONES)))

    def _patch_64(self, riff_size: int, size: int, frames: int) -> None:
        self.container = "RF64"
        self._out.patch(12, struct.pack("<4sIQQQI", b"ds64", 28, riff_size, size, frames, 0))
        self._out.patch(self._data_at - 4, struct.pack("<I", ALL_ONES))
        self._out.patch(0, struct.pack("<4sI", b"RF64", ALL_ONES))


def chunk(identity: bytes, payload: bytes) -> bytes:
    """A little-endian chunk, padded to even."""
    return struct.pack("<4sI", identity, len(payload)) + payload + bytes(len(payload) % 2)


def format_payload(shape: Shape, plain: bool = False) -> bytes:
    """The fmt chunk: plain up to two channels, WAVE_FORMAT_EXTENSIBLE for more or where the source had a mask.

    plain: never the extended one, which libsndfile misreads in Wave64.
    """
    size = sample_bytes(shape.subtype)
    tag = IEEE_FLOAT if shape.subtype in ("FLOAT", "DOUBLE") else PCM
    align = shape.channels * size
    extended = not plain and (shape.channels > 2 or shape.mask is not None)
    basic = struct.pack(
        "<HHIIHH",
        EXTENSIBLE if extended else tag,
        shape.channels,
        shape.rate,
        min(shape.rate * align, ALL_ONES),
        align,
        size * 8,
    )
    if not extended:
        return basic
    return basic + struct.pack("<HHIH", 22, size * 8, shape.mask or 0, tag) + _GUID_TAIL
