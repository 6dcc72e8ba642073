"""FLAC (RFC 9639): STREAMINFO says rate, channels, frames and the MD5 of the sound; only decoding tells the end."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from bridge.files.containers.mp3 import after_id3
from bridge.files.containers.survey import STILL_RECORDING, Survey, missing
from bridge.files.raw import Raw


@dataclass(frozen=True)
class StreamInfo:
    """md5: of the interleaved little-endian samples, all zero where the encoder did not say."""

    rate: int
    channels: int
    bits: int
    frames: int
    md5: bytes


def survey_flac(raw: Raw) -> Survey:
    info = stream_info(raw)
    if info is None:
        return Survey("FLAC", "truncated", missing(raw.size, after_id3(raw) + 42))
    end = _first_frame(raw)
    if end is None or end >= raw.size:
        return Survey("FLAC", "truncated", missing(raw.size, (end or raw.size) + 1), info.rate, info.channels)
    if raw.read(end, 1) != b"\xff":
        return Survey(
            "FLAC", "damaged", "has no sound after its header; export it again.", info.rate, info.channels
        )
    if info.frames == 0:
        return Survey("FLAC", "still_recording", STILL_RECORDING, info.rate, info.channels)
    return Survey("FLAC", "complete", "", info.rate, info.channels, info.frames)


def stream_info(raw: Raw) -> StreamInfo | None:
    """The STREAMINFO block; None where it is cut off or not the first one."""
    head = raw.read(after_id3(raw), 42)
    if len(head) < 42 or head[4] & 0x7F != 0:
        return None
    packed = struct.unpack_from(">Q", head, 18)[0]
    return StreamInfo(
        packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1, packed & (2**36 - 1), head[26:42]
    )


def _first_frame(raw: Raw) -> int | None:
    """Where the metadata blocks end; None when they do not within the file."""
    at = after_id3(raw) + 4
    for _ in range(1024):
        head = raw.read(at, 4)
        if len(head) < 4:
            return None
        at += 4 + int.from_bytes(head[1:], "big")
        if head[0] & 0x80:
            return at
    return None
