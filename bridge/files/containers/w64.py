"""Sony Wave64: RIFF with GUIDs for names and 64-bit sizes that count their own header, padded to 8 bytes."""

from __future__ import annotations

import struct

from bridge.files.containers.riff import ALL_ONES, ALL_ONES_64, read_format
from bridge.files.containers.survey import MOST_CHUNKS, NO_FRAMES, STILL_RECORDING, Chunk, Survey, missing
from bridge.files.raw import Raw

RIFF_GUID = bytes.fromhex("726966662e91cf11a5d628db04c10000")
_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
HEADER = 24


def guid(identity: bytes) -> bytes:
    """The GUID of a chunk that RIFF names with four bytes."""
    return identity + _TAIL


def survey_w64(raw: Raw) -> Survey:
    head = raw.read(0, 40)
    if len(head) < 40:
        return Survey("W64", "truncated", missing(raw.size, 40))
    total = struct.unpack_from("<Q", head, 16)[0]
    if head[24:] != guid(b"wave"):
        return Survey("W64", "not_audio", "is a Wave64 file but holds no sound; export it again.")
    if total in (0, ALL_ONES, ALL_ONES_64):
        return Survey("W64", "still_recording", STILL_RECORDING)
    return _walk(raw, total)


def _walk(raw: Raw, total: int) -> Survey:
    chunks: list[Chunk] = []
    data: Chunk | None = None
    at = 40
    while at + HEADER <= raw.size and len(chunks) < MOST_CHUNKS:
        identity, size = struct.unpack("<16sQ", raw.read(at, HEADER))
        is_data = identity == guid(b"data") and data is None
        if is_data and (size in (0, ALL_ONES_64) or (size == HEADER and raw.size > max(total, at + HEADER))):
            return Survey("W64", "still_recording", STILL_RECORDING)
        if size < HEADER:
            return Survey("W64", "damaged", "has a chunk smaller than its own header; export it again.")
        if at + size > raw.size:
            return Survey("W64", "truncated", missing(raw.size, max(at + size, total if is_data else 0)))
        # A GUID that is no RIFF name stays findable under its first bytes, and is never carried.
        name = identity[:4] if identity[4:] == _TAIL else b"\0" + identity[:3]
        chunk = Chunk(name, at + HEADER, size - HEADER, before_data=data is None)
        chunks.append(chunk)
        data = chunk if is_data else data
        at += size + (-size % 8)
    return _result(raw, total, chunks, data)


def _result(raw: Raw, total: int, chunks: list[Chunk], data: Chunk | None) -> Survey:
    head = next((chunk for chunk in chunks if chunk.id == b"fmt "), None)
    if total > raw.size + 8:
        return Survey("W64", "truncated", missing(raw.size, total))
    if data is None or head is None or head.size < 16:
        return Survey("W64", "not_audio", "is a Wave64 file without sound; export it again.")
    fields = read_format(raw.read(head.offset, min(head.size, 40)))
    frames = data.size // fields.align if fields.plain and fields.align else None
    state, why = ("empty", NO_FRAMES) if frames == 0 or data.size == 0 else ("complete", "")
    return Survey("W64", state, why, fields.rate, fields.channels, frames, tuple(chunks), fields.mask)
