"""AIFF being written (16 and 24 bit and so on), AIFF-C where the samples are floats or unsigned."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.errors import OutputFailed
from bridge.files.containers.aiff import to_extended
from bridge.files.encoders.encoder import ChunkBytes, Shape
from bridge.files.encoding import floats_to_bytes, integers_to_bytes, sample_bytes
from bridge.files.output import Output

FORM_LIMIT = 0xFFFFFFFE

_CODED = {
    "FLOAT": (b"fl32", b"32-bit floating point"),
    "DOUBLE": (b"fl64", b"64-bit floating point"),
    "PCM_U8": (b"raw ", b"unsigned 8-bit"),
}
"""Compression type and its name, for AIFF-C."""

_VERSION = 0xA2805140
"""FVER: the date of the AIFF-C specification, the only version there is."""


class AiffEncoder:
    container = "AIFF"

    def __init__(self, out: Output, shape: Shape, head: Sequence[ChunkBytes] = ()) -> None:
        self._out = out
        self._shape = shape
        coded = _CODED.get(shape.subtype)
        out.write(b"FORM\0\0\0\0" + (b"AIFC" if coded else b"AIFF"))
        if coded:
            out.write(chunk(b"FVER", struct.pack(">I", _VERSION)))
        self._frames_at = out.tell() + 8 + 2
        out.write(chunk(b"COMM", _common(shape)))
        for identity, payload in head:
            out.write(chunk(identity, payload))
        out.write(b"SSND" + bytes(12))
        self._data_at = out.tell()

    def write_integers(self, integers: NDArray[np.int32]) -> None:
        self._write(integers_to_bytes(integers, self._shape.subtype, ">"))

    def write_floats(self, block: Samples) -> None:
        self._write(floats_to_bytes(block, self._shape.subtype, ">"))

    def close(self, tail: Sequence[ChunkBytes]) -> None:
        size = self._out.tell() - self._data_at
        self._out.write(bytes(size % 2))
        for identity, payload in tail:
            self._write(chunk(identity, payload))
        frames = size // (self._shape.channels * sample_bytes(self._shape.subtype))
        self._out.patch(self._frames_at, struct.pack(">I", frames))
        self._out.patch(self._data_at - 12, struct.pack(">I", size + 8))
        self._out.patch(4, struct.pack(">I", self._out.tell() - 8))

    def _write(self, data: bytes) -> None:
        if self._out.tell() + len(data) > FORM_LIMIT:
            raise OutputFailed(
                f"{self._out.name} could not be written: AIFF holds at most 4 GiB; ask for WAV, "
                "which grows beyond."
            )
        self._out.write(data)


def _common(shape: Shape) -> bytes:
    fields = struct.pack(">hIh", shape.channels, 0, sample_bytes(shape.subtype) * 8) + to_extended(shape.rate)
    coded = _CODED.get(shape.subtype)
    if coded is None:
        return fields
    kind, name = coded
    pascal = bytes([len(name)]) + name
    return fields + kind + pascal + bytes(len(pascal) % 2)


def chunk(identity: bytes, payload: bytes) -> bytes:
    """A big-endian chunk, padded to even."""
    return struct.pack(">4sI", identity, len(payload)) + payload + bytes(len(payload) % 2)
