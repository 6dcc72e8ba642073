"""MPEG audio (ISO 11172-3, 13818-3): frames after optional ID3v2 tags; Xing, Info or VBRI say how many bytes."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from bridge.files.containers.survey import Survey, missing
from bridge.files.raw import Raw

_RATES = (44100, 48000, 32000)
_SEARCH = 4096
_MOST_SEARCHES = 10_000
"""Times that a stream may lose its frames before the rest is taken for something else; ends a walk over garbage."""

_BITRATES = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""kbit/s by (MPEG 1 or 2, layer), ISO 11172-3 table 2.4.2.3 and 13818-3 table 2.4.2.3."""

_SIDE = {(1, 1): 17, (1, 2): 32, (2, 1): 9, (2, 2): 17}
"""Bytes of side information by (MPEG 1 or 2, channels); a Xing header stands behind them."""


@dataclass(frozen=True)
class Frame:
    """One frame's header; offset and size in bytes."""

    offset: int
    size: int
    rate: int
    channels: int
    version: int
    layer: int


@dataclass(frozen=True)
class Promise:
    """What a Xing, Info or VBRI frame says of the whole stream; None where it does not."""

    frames: int | None
    bytes: int | None


def survey_mp3(raw: Raw) -> Survey:
    first = first_frame(raw, after_id3(raw))
    if first is None:
        return Survey("MP3", "not_audio", "is not a sound file that the bridge knows; export it as WAV.")
    promise = promised(raw, first)
    if promise is not None and promise.bytes and first.offset + promise.bytes > raw.size:
        why = missing(raw.size, first.offset + promise.bytes)
        return Survey("MP3", "truncated", why, first.rate, first.channels)
    return Survey("MP3", "complete", "", first.rate, first.channels)


def after_id3(raw: Raw) -> int:
    """Offset after the ID3v2 tags at the start; 0 without."""
    at = 0
    for _ in range(8):
        head = raw.read(at, 10)
        if len(head) < 10 or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:]):
            break
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        at += 10 + size + (10 if head[5] & 0x10 else 0)
    return at


def first_frame(raw: Raw, start: int) -> Frame | None:
    """The first frame within 4 KiB of `start` that another frame (or the end) follows."""
    window = raw.read(start, _SEARCH)
    at = window.find(b"\xff")
    while 0 <= at < len(window) - 3:
        frame = _frame(window[at : at + 4], start + at)
        if frame is not None and _followed(raw, frame):
            return frame
        at = window.find(b"\xff", at + 1)
    return None


def _followed(raw: Raw, frame: Frame) -> bool:
    head = raw.read(frame.offset + frame.size, 4)
    if len(head) < 4 or head[:3] == b"TAG":
        return True
    following = _frame(head, frame.offset + frame.size)
    return following is not None and (following.layer, following.rate) == (frame.layer, frame.rate)


def _frame(head: bytes, offset: int) -> Frame | None:
    word = int.from_bytes(head, "big")
    version, layer = word >> 19 & 3, 4 - (word >> 17 & 3)
    bitrate, rate = word >> 12 & 15, word >> 10 & 3
    if word >> 21 != 0x7FF or version == 1 or layer == 4 or bitrate in (0, 15) or rate == 3:
        return None
    mpeg = 1 if version == 3 else 2
    hertz = _RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    bits = _BITRATES[mpeg, layer][bitrate - 1] * 1000
    pad = word >> 9 & 1
    if layer == 1:
        size = (12 * bits // hertz + pad) * 4
    else:
        size = (72 if layer == 3 and mpeg == 2 else 144) * bits // hertz + pad
    return Frame(offset, size, hertz, 1 if word >> 6 & 3 == 3 else 2, mpeg, layer)


def promised(raw: Raw, first: Frame) -> Promise | None:
    """The Xing, Info or VBRI header inside the first frame; None without one."""
    body = raw.read(first.offset, 256)
    side = _SIDE[first.version, first.channels]
    xing = body[4 + side :]
    if xing[:4] in (b"Xing", b"Info") and len(xing) >= 16:
        flags = int.from_bytes(xing[4:8], "big")
        numbers = iter(struct.unpack_from(">II", xing, 8))
        frames = next(numbers) if flags & 1 else None
        return Promise(frames, next(numbers) if flags & 2 else None)
    if body[36:40] == b"VBRI" and len(body) >= 54:
        size, frames = struct.unpack_from(">II", body, 46)
        return Promise(frames, size)
    return None


def length_frame(raw: Raw, first: Frame) -> bytes:
    """A Xing frame for a stream that has none; it counts the stream's frames by walking through their headers."""
    count = _count(raw, first)
    word = int.from_bytes(raw.read(first.offset, 4), "big")
    # 112 or 64 kbit/s, so that it has room for its fields; no padding, no CRC.
    head = (word & ~(15 << 12) & ~(1 << 9) | 8 << 12 | 1 << 16).to_bytes(4, "big")
    own = _frame(head, 0)
    assert own is not None
    fields = b"Xing" + struct.pack(">III", 3, count, own.size + raw.size - first.offset)
    return (head + bytes(_SIDE[first.version, first.channels]) + fields).ljust(own.size, b"\0")


def _count(raw: Raw, first: Frame) -> int:
    """Frames from the first one on; over bytes that are no frame, on to the next one."""
    count, at, base, window, searches = 0, first.offset, 0, b"", 0
    while at < raw.size and searches < _MOST_SEARCHES:
        if not base <= at <= base + len(window) - 4:
            base, window = at, raw.read(at, 2**18)
            if len(window) < 4:
                break
        frame = _frame(window[at - base : at - base + 4], at)
        if frame is None:
            searches += 1
            following = window.find(b"\xff", at - base + 1)
            at = base + (following if following >= 0 else len(window) - 3)
            continue
        count += 1
        at += frame.size
    return count
