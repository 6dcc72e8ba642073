"""Wave64 being written: 64-bit sizes from the start, chunks padded to eight bytes.

Nothing follows the sound, not even its padding: libsndfile (1.2.2), and so every program that reads through it,
plays everything up to the end of the file. Chunks that depend on the sound's length get room before it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.files.containers.w64 import HEADER, RIFF_GUID, guid
from bridge.files.encoders.encoder import ChunkBytes, Shape
from bridge.files.encoders.wav import format_payload
from bridge.files.encoding import floats_to_bytes, integers_to_bytes, sample_bytes
from bridge.files.output import Output


class W64Encoder:
    container = "W64"

    def __init__(self, out: Output, shape: Shape, head: Sequence[ChunkBytes] = (), room: int = 0) -> None:
        self._out = out
        self._shape = shape
        out.write(RIFF_GUID + bytes(8) + guid(b"wave"))
        out.write(chunk(b"fmt ", format_payload(shape, plain=True)))
        for identity, payload in head:
            out.write(chunk(identity, payload))
        self._room_at, self._room = out.tell(), -(-room // 8) * 8
        if room:
            out.write(chunk(b"junk", bytes(self._room)))
        self._fact_at = out.tell() + HEADER
        if shape.subtype in ("FLOAT", "DOUBLE"):
            out.write(chunk(b"fact", bytes(8)))
        self._size_at = out.tell() + 16
        out.write(guid(b"data") + bytes(8))
        self._data_at = out.tell()

    def write_integers(self, integers: NDArray[np.int32]) -> None:
        self._out.write(integers_to_bytes(integers, self._shape.subtype, "<"))

    def write_floats(self, block: Samples) -> None:
        self._out.write(floats_to_bytes(block, self._shape.subtype, "<"))

    def close(self, tail: Sequence[ChunkBytes]) -> None:
        size = self._out.tell() - self._data_at
        self._fill_room(tail)
        self._out.patch(self._size_at, struct.pack("<Q", HEADER + size))
        if self._shape.subtype in ("FLOAT", "DOUBLE"):
            frames = size // (self._shape.channels * sample_bytes(self._shape.subtype))
            self._out.patch(self._fact_at, struct.pack("<Q", frames))
        self._out.patch(16, struct.pack("<Q", self._out.tell()))

    def _fill_room(self, tail: Sequence[ChunkBytes]) -> None:
        """The late chunks into the room that was kept, and what is left of it as filler."""
        if not tail:
            return
        late = b"".join(chunk(identity, payload) for identity, payload in tail)
        left = self._room - len(late)  # the filler keeps its own header, so that this is all payload
        self._out.patch(self._room_at, late + chunk(b"junk", bytes(left)))


def room_for(chunks: Sequence[ChunkBytes]) -> int:
    """Bytes to keep for chunks of these sizes or smaller."""
    return sum(len(chunk(identity, payload)) for identity, payload in chunks)


def chunk(identity: bytes, payload: bytes) -> bytes:
    return guid(identity) + struct.pack("<Q", HEADER + len(payload)) + payload + bytes(-len(payload) % 8)
