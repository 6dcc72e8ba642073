"""AIFF (Apple, 1989) and AIFF-C (1991): big-endian chunks in a FORM."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

from bridge.files.containers.survey import (
    MOST_CHUNKS,
    MOST_TRAILING,
    NO_FRAMES,
    STALE_HEADER,
    STILL_RECORDING,
    Chunk,
    Survey,
    missing,
)
from bridge.files.raw import Raw

ALL_ONES = 0xFFFFFFFF
PLAIN = frozenset(b"NONE none sowt twos fl32 FL32 fl64 FL64 in24 in32 42ni 23ni".split()) | {b"raw "}
"""Compression types that are none: integers and floats, in either byte order."""


def survey_aiff(raw: Raw) -> Survey:
    head = raw.read(0, 12)
    if len(head) < 12:
        return Survey("AIFF", "truncated", missing(raw.size, 54))
    form_size, form = struct.unpack(">I4s", head[4:])
    if form not in (b"AIFF", b"AIFC"):
        return Survey("AIFF", "not_audio", "is an IFF file but holds no AIFF sound; export it again.")
    if form_size in (0, ALL_ONES):
        return Survey("AIFF", "still_recording", STILL_RECORDING)
    return _walk(raw, form_size, form == b"AIFC")


def _walk(raw: Raw, form_size: int, coded: bool) -> Survey:
    chunks: list[Chunk] = []
    data: Chunk | None = None
    at = 12
    while at + 8 <= raw.size and len(chunks) < MOST_CHUNKS:
        identity, size = struct.unpack(">4sI", raw.read(at, 8))
        is_data = identity == b"SSND" and data is None
        if is_data and (size == ALL_ONES or (size in (0, 8) and raw.size > max(form_size + 8, at + 16))):
            return Survey("AIFF", "still_recording", STILL_RECORDING)
        if at + 8 + size > raw.size:
            promised = max(at + 8 + size, form_size + 8 if is_data else 0)
            return Survey("AIFF", "truncated", missing(raw.size, promised), chunks=tuple(chunks))
        chunk = Chunk(identity, at + 8, size, before_data=data is None)
        chunks.append(chunk)
        data = chunk if is_data else data
        at += 8 + size + size % 2
        if at >= form_size + 8 and data is not None:
            break
    return _result(raw, form_size, coded, chunks, data)


def _result(raw: Raw, form_size: int, coded: bool, chunks: list[Chunk], data: Chunk | None) -> Survey:
    if form_size + 8 > raw.size + 8 or (data is None and form_size + 8 > raw.size):
        return Survey("AIFF", "truncated", missing(raw.size, form_size + 8), chunks=tuple(chunks))
    head = next((chunk for chunk in chunks if chunk.id == b"COMM"), None)
    if head is None or head.size < 18:
        return Survey(
            "AIFF", "not_audio", "is an AIFF file with no description of its sound; export it again."
        )
    fields = read_common(raw.read(head.offset, min(head.size, 22)), coded)
    if data is None or data.size <= 8:
        state = "empty" if fields.frames == 0 else "truncated"
        why = NO_FRAMES if fields.frames == 0 else missing(raw.size, raw.size + fields.bytes)
        return Survey("AIFF", state, why, fields.rate, fields.channels, 0, tuple(chunks))
    return _compare(raw, fields, data, tuple(chunks), max(0, raw.size - form_size - 9))


def _compare(raw: Raw, fields: Common, data: Chunk, chunks: tuple[Chunk, ...], trailing: int) -> Survey:
    shift = struct.unpack(">I", raw.read(data.offset, 4))[0]
    held = data.size - 8 - shift
    state, why = "complete", ""
    if fields.frames == 0:
        state, why = "still_recording", STILL_RECORDING
    elif fields.plain and fields.bytes > held:
        state, why = "truncated", missing(max(held, 0), fields.bytes)
    elif trailing > MOST_TRAILING and chunks[-1] is data:
        state, why = "still_recording", STALE_HEADER
    frames = fields.frames if fields.plain else None
    return Survey("AIFF", state, why, fields.rate, fields.channels, frames, chunks, None, trailing)


@dataclass(frozen=True)
class Common:
    """The COMM chunk. frames: as declared."""

    channels: int
    frames: int
    bits: int
    rate: float
    compression: bytes

    @property
    def plain(self) -> bool:
        return self.compression in PLAIN

    @property
    def bytes(self) -> int:
        """Bytes of sound that the chunk promises."""
        return self.frames * self.channels * ((self.bits + 7) // 8)


def read_common(payload: bytes, coded: bool) -> Common:
    """The COMM chunk [18 bytes, 22 with the compression type of AIFF-C]."""
    channels, frames, bits = struct.unpack_from(">hIh", payload)
    compression = payload[18:22] if coded else b"NONE"
    return Common(channels, frames, bits, from_extended(payload[8:18]), compression)


def from_extended(ten: bytes) -> float:
    """An 80-bit IEEE 754 extended number; 0.0 for what is no positive finite number."""
    exponent, mantissa = struct.unpack(">HQ", ten)
    if exponent & 0x8000 or exponent == 0x7FFF:
        return 0.0
    try:
        return math.ldexp(float(mantissa), exponent - 16383 - 63)
    except OverflowError:
        return 0.0


def to_extended(value: int) -> bytes:
    """A whole number above 0 as an 80-bit IEEE 754 extended."""
    shift = 64 - value.bit_length()
    return struct.pack(">HQ", 16383 + 63 - shift, value << shift)
