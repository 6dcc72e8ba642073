"""FLAC (RFC 9639): STREAMINFO says rate, channels, frames and the MD5 of the sound.

FLAC does not say how many bytes it has. But each frame's header says where it stands, so the last one tells whether
the end is there; whether every frame is sound, only decoding tells.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from bridge.files.containers.mp3 import after_id3
from bridge.files.containers.survey import STILL_RECORDING, Survey, missing
from bridge.files.raw import Raw


@dataclass(frozen=True)
class StreamInfo:
    """md5: of the interleaved little-endian samples, all zero where the encoder did not say.

    block: frames in a FLAC frame, of a stream where all have as many. largest: FLAC frame in bytes, 0 where unknown.
    """

    rate: int
    channels: int
    bits: int
    frames: int
    md5: bytes
    block: int
    largest: int


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
    reached = _reached(raw, info, end)
    if reached is not None and reached < info.frames:
        why = f"is cut off after {reached:,} of {info.frames:,} frames. Wait until it is copied, or export it again."
        return Survey("FLAC", "truncated", why, info.rate, info.channels)
    return Survey("FLAC", "complete", "", info.rate, info.channels, info.frames)


def stream_info(raw: Raw) -> StreamInfo | None:
    """The STREAMINFO block; None where it is cut off or not the first one."""
    head = raw.read(after_id3(raw), 42)
    if len(head) < 42 or head[4] & 0x7F != 0:
        return None
    packed = struct.unpack_from(">Q", head, 18)[0]
    return StreamInfo(
        rate=packed >> 44,
        channels=(packed >> 41 & 7) + 1,
        bits=(packed >> 36 & 31) + 1,
        frames=packed & (2**36 - 1),
        md5=head[26:42],
        block=int.from_bytes(head[10:12], "big"),
        largest=int.from_bytes(head[15:18], "big"),
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


def _reached(raw: Raw, info: StreamInfo, start: int) -> int | None:
    """Frames of sound up to the end of the last FLAC frame that begins in the file; None where none is found."""
    window = min(2 * info.largest + 4096 if info.largest else 2**20, 2**22)
    tail_at = max(start, raw.size - window)
    tail = raw.read(tail_at, window)
    reached = None
    at = tail.find(b"\xff")
    while 0 <= at < len(tail) - 6:
        if tail[at + 1] & 0xFE == 0xF8:
            end = _frame_end(tail[at : at + 16], info.block)
            reached = end if end is not None and end <= info.frames else reached
        at = tail.find(b"\xff", at + 1)
    return reached


def _frame_end(head: bytes, block: int) -> int | None:
    """Frames of sound up to the end of the FLAC frame with this header [up to 16 bytes, RFC 9639 clause 9.1].

    block: frames in each FLAC frame of a stream of a fixed block size. None where it is no header: reserved bits,
    or a check sum that does not hold.
    """
    code, rate_code = head[2] >> 4, head[2] & 15
    if code == 0 or rate_code == 15 or head[3] >> 4 > 10 or head[3] & 1:
        return None
    number, used = _coded_number(head[4:])
    at = 4 + used
    extra = {6: 1, 7: 2}.get(code, 0)
    size = int.from_bytes(head[at : at + extra], "big") + 1 if extra else _BLOCKS[code]
    at += extra + {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if number is None or at >= len(head) or _crc8(head[:at]) != head[at]:
        return None
    return (number if head[1] & 1 else number * block) + size


_BLOCKS = {
    1: 192,
    **{code: 144 << code for code in range(2, 6)},
    **{code: 1 << code for code in range(8, 16)},
}
"""Block sizes by their code: 192, 576 to 4608, 256 to 32768."""


def _coded_number(data: bytes) -> tuple[int | None, int]:
    """(a number in the way of UTF-8, up to 36 bits, and its bytes); None where it is malformed."""
    first = data[0] if data else 0xFF
    length = 8 - (~first & 0xFF).bit_length() if first >= 0x80 else 0
    if first == 0xFF or length == 1 or len(data) < max(length, 1):
        return None, 1
    if length == 0:
        return first, 1
    number = first & (0x7F >> length)
    for byte in data[1:length]:
        if byte & 0xC0 != 0x80:
            return None, 1
        number = number << 6 | byte & 0x3F
    return number, length


def _crc8(data: bytes) -> int:
    """x^8 + x^2 + x + 1, from 0 (RFC 9639 clause 9.1.8)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07 if crc & 0x80 else crc << 1) & 0xFF
    return crc
