"""WAV: RIFF (Microsoft, 1991), RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088), little-endian chunks."""

from __future__ import annotations

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
ALL_ONES_64 = 0xFFFFFFFFFFFFFFFF
PCM, IEEE_FLOAT, EXTENSIBLE = 0x0001, 0x0003, 0xFFFE


@dataclass(frozen=True)
class Sizes64:
    """The ds64 chunk: 64-bit sizes of RIFF, data, and of other chunks by id."""

    riff: int
    data: int
    others: dict[bytes, int]


def survey_riff(raw: Raw) -> Survey:
    head = raw.read(0, 12)
    if len(head) < 12:
        return Survey("WAV", "truncated", missing(raw.size, 44))
    magic, riff_size, form = head[:4], struct.unpack_from("<I", head, 4)[0], head[8:]
    if form != b"WAVE":
        return Survey("WAV", "not_audio", "is a RIFF file but holds no WAVE sound; export it as WAV.")
    sizes = _sizes64(raw) if magic != b"RIFF" else None
    container = "WAV" if magic == b"RIFF" else "RF64"
    if magic != b"RIFF" and sizes is None and riff_size == ALL_ONES:
        return Survey(container, "damaged", "is RF64 but has no ds64 chunk with its sizes; export it again.")
    if riff_size == ALL_ONES and sizes is not None:
        riff_size = sizes.riff
    if riff_size in (0, ALL_ONES, ALL_ONES_64):
        return Survey(container, "still_recording", STILL_RECORDING)
    return _walk(raw, container, riff_size, sizes)


def _walk(raw: Raw, container: str, riff_size: int, sizes: Sizes64 | None) -> Survey:
    chunks: list[Chunk] = []
    data: Chunk | None = None
    at = 12
    # Some recorders count the whole file as the RIFF size; the chunks tell the truth.
    stop = min(riff_size + 8, raw.size) if riff_size + 8 <= raw.size else raw.size
    while at + 8 <= max(stop, 12) and len(chunks) < MOST_CHUNKS:
        identity, size = struct.unpack("<4sI", raw.read(at, 8))
        size = _true_size(identity, size, sizes)
        if identity == b"data" and data is None:
            verdict = _data_verdict(raw, container, at + 8, size, riff_size)
            if verdict is not None:
                return verdict
        if at + 8 + size > raw.size:
            promised = max(at + 8 + size, riff_size + 8 if identity == b"data" else 0)
            return Survey(container, "truncated", missing(raw.size, promised), chunks=tuple(chunks))
        chunk = Chunk(identity, at + 8, size, before_data=data is None)
        chunks.append(chunk)
        if identity == b"data" and data is None:
            data = chunk
            stop = max(stop, at + 8 + size)
        at = _next(raw, at + 8, size)
    return _result(raw, container, riff_size, chunks, data, at)


def _result(
    raw: Raw, container: str, riff_size: int, chunks: list[Chunk], data: Chunk | None, at: int
) -> Survey:
    head = next((chunk for chunk in chunks if chunk.id == b"fmt "), None)
    # 8: a writer that counted the RIFF header too; 1: a last pad byte left out.
    cut = riff_size + 8 > raw.size + 8 or (data is None and riff_size + 8 > raw.size)
    if cut:
        return Survey(container, "truncated", missing(raw.size, riff_size + 8), chunks=tuple(chunks))
    if data is None or head is None or head.size < 16:
        what = "no sound in it" if data is None else "no description of its sound"
        return Survey(container, "not_audio", f"is a WAVE file with {what}; export it again.")
    fields = read_format(raw.read(head.offset, min(head.size, 40)))
    frames = data.size // fields.align if fields.plain and fields.align else None
    if frames == 0 or data.size == 0:
        return Survey(container, "empty", NO_FRAMES, fields.rate, fields.channels, 0, tuple(chunks))
    trailing = max(0, raw.size - max(at, riff_size + 8))
    if trailing > MOST_TRAILING and chunks[-1] is data:
        return Survey(container, "still_recording", STALE_HEADER, fields.rate, fields.channels)
    return Survey(
        container, "complete", "", fields.rate, fields.channels, frames, tuple(chunks), fields.mask, trailing
    )


def _data_verdict(raw: Raw, container: str, start: int, size: int, riff_size: int) -> Survey | None:
    """A data chunk whose size was not patched yet."""
    if size in (ALL_ONES, ALL_ONES_64) and start + size > raw.size:
        return Survey(container, "still_recording", STILL_RECORDING)
    if size == 0 and raw.size > start and riff_size + 8 != raw.size:
        return Survey(container, "still_recording", STILL_RECORDING)
    return None


def _true_size(identity: bytes, size: int, sizes: Sizes64 | None) -> int:
    if sizes is None or size != ALL_ONES:
        return size
    return sizes.data if identity == b"data" else sizes.others.get(identity, size)


def _next(raw: Raw, start: int, size: int) -> int:
    """Where the next chunk starts: padded to even; a few writers leave the pad byte out."""
    end = start + size
    if size % 2 == 0:
        return end
    here, padded = raw.read(end, 4), raw.read(end + 1, 4)
    return end if here[:1] != b"\0" and _is_id(here) and not _is_id(padded) else end + 1


def _is_id(name: bytes) -> bool:
    return len(name) == 4 and all(32 <= byte < 127 for byte in name)


def _sizes64(raw: Raw) -> Sizes64 | None:
    head = raw.read(12, 36)
    if len(head) < 36 or head[:4] != b"ds64":
        return None
    riff, data, _frames, count = struct.unpack_from("<QQQI", head, 8)
    table = raw.read(48, 12 * min(count, 64))
    others = {
        table[at : at + 4]: struct.unpack_from("<Q", table, at + 4)[0] for at in range(0, len(table) - 11, 12)
    }
    return Sizes64(riff, data, others)


@dataclass(frozen=True)
class FormatFields:
    """The fmt chunk. align: bytes of one frame. mask: speaker positions. plain: PCM or floating point."""

    tag: int
    channels: int
    rate: int
    align: int
    bits: int
    mask: int | None

    @property
    def plain(self) -> bool:
        return self.tag in (PCM, IEEE_FLOAT)


def read_format(payload: bytes) -> FormatFields:
    """The fmt chunk's fields [16 to 40 bytes]; of WAVE_FORMAT_EXTENSIBLE the tag inside its GUID."""
    tag, channels, rate, _per_second, align, bits = struct.unpack_from("<HHIIHH", payload)
    mask = None
    if tag == EXTENSIBLE and len(payload) >= 40:
        mask, tag = struct.unpack_from("<IH", payload, 20)
    return FormatFields(tag, channels, rate, align, bits, mask)
