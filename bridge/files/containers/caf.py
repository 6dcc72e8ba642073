"""Apple's Core Audio Format: big-endian chunks with 64-bit sizes; a data size of -1 means "to the end"."""

from __future__ import annotations

import struct

from bridge.files.containers.survey import MOST_CHUNKS, NO_FRAMES, STILL_RECORDING, Chunk, Survey, missing
from bridge.files.raw import Raw


def survey_caf(raw: Raw) -> Survey:
    chunks: list[Chunk] = []
    data: Chunk | None = None
    at = 8
    while at + 12 <= raw.size and len(chunks) < MOST_CHUNKS:
        identity, size = struct.unpack(">4sq", raw.read(at, 12))
        if identity == b"data" and size in (-1, 0) and raw.size > at + 12:
            return Survey("CAF", "still_recording", STILL_RECORDING)
        if size < 0:
            return Survey("CAF", "damaged", "has a chunk of a negative size; export it again.")
        if at + 12 + size > raw.size:
            return Survey("CAF", "truncated", missing(raw.size, at + 12 + size))
        chunk = Chunk(identity, at + 12, size, before_data=data is None)
        chunks.append(chunk)
        data = chunk if identity == b"data" and data is None else data
        at += 12 + size
    return _result(raw, chunks, data)


def _result(raw: Raw, chunks: list[Chunk], data: Chunk | None) -> Survey:
    head = next((chunk for chunk in chunks if chunk.id == b"desc"), None)
    if head is None or head.size < 32:
        return Survey("CAF", "not_audio", "is a CAF file with no description of its sound; export it again.")
    rate, _kind, _flags, packet, per_packet, channels, _bits = struct.unpack(
        ">d4sIIIII", raw.read(head.offset, 32)
    )
    if data is None:
        return Survey("CAF", "truncated", missing(raw.size, raw.size + 12), rate, channels)
    frames = (data.size - 4) // packet * per_packet if packet and per_packet else None
    state, why = ("empty", NO_FRAMES) if frames == 0 or data.size <= 4 else ("complete", "")
    return Survey("CAF", state, why, rate, channels, frames, tuple(chunks))
