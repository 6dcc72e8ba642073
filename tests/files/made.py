"""Sound files made by hand, byte by byte from the specifications, without the code under test."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

Chunk = tuple[bytes, bytes]


def chunk(identity: bytes, payload: bytes) -> bytes:
    return identity + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def fmt(channels: int = 2, rate: int = 48000, bits: int = 16, tag: int = 1) -> bytes:
    align = channels * bits // 8
    return struct.pack("<HHIIHH", tag, channels, rate, min(rate * align, 2**32 - 1), align % 65536, bits)


def wav(
    data: bytes = b"\x01\0" * 2000,
    *,
    channels: int = 2,
    rate: int = 48000,
    bits: int = 16,
    tag: int = 1,
    before: Sequence[Chunk] = (),
    after: Sequence[Chunk] = (),
    riff_size: int | None = None,
    data_size: int | None = None,
) -> bytes:
    """A RIFF WAVE file; sizes may be told wrong."""
    body = (
        b"WAVE" + chunk(b"fmt ", fmt(channels, rate, bits, tag)) + b"".join(chunk(*item) for item in before)
    )
    body += (
        b"data"
        + struct.pack("<I", len(data) if data_size is None else data_size)
        + data
        + b"\0" * (len(data) % 2)
    )
    body += b"".join(chunk(*item) for item in after)
    return b"RIFF" + struct.pack("<I", len(body) if riff_size is None else riff_size) + body


def rf64(
    data: bytes, *, magic: bytes = b"RF64", data_size: int | None = None, present: bytes | None = None
) -> bytes:
    """EBU Tech 3306: sizes in ds64, all ones elsewhere. present: what really follows instead of `data`."""
    size = len(data) if data_size is None else data_size
    body = chunk(b"fmt ", fmt()) + b"data\xff\xff\xff\xff" + (data if present is None else present)
    riff_size = 4 + 36 + 24 + 8 + size
    ds64 = chunk(b"ds64", struct.pack("<QQQI", riff_size, size, size // 4, 0))
    return magic + b"\xff\xff\xff\xffWAVE" + ds64 + body


def aiff(
    data: bytes,
    *,
    channels: int = 1,
    rate_80: bytes = bytes.fromhex("400ebb80000000000000"),
    frames: int | None = None,
    form_size: int | None = None,
    extra: Sequence[Chunk] = (),
) -> bytes:
    """A 16-bit AIFF. rate_80: 48 kHz as an 80-bit extended, as in the specification's appendix."""
    count = len(data) // (2 * channels) if frames is None else frames
    body = b"AIFF" + big(b"COMM", struct.pack(">hIh", channels, count, 16) + rate_80)
    body += b"".join(big(*item) for item in extra) + big(b"SSND", bytes(8) + data)
    return b"FORM" + struct.pack(">I", len(body) if form_size is None else form_size) + body


def big(identity: bytes, payload: bytes) -> bytes:
    return identity + struct.pack(">I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def chunks_of(data: bytes) -> list[Chunk]:
    """The chunks of a RIFF file, by the plainest possible reading."""
    found, at = [], 12
    while at + 8 <= len(data):
        size = struct.unpack_from("<I", data, at + 4)[0]
        found.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def chunks_of_aiff(data: bytes) -> list[Chunk]:
    found, at = [], 12
    while at + 8 <= len(data):
        size = struct.unpack_from(">I", data, at + 4)[0]
        found.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def integers(bits: int, frames: int = 4801, channels: int = 2, seed: int = 440) -> np.ndarray:
    """Every kind of integer sample [shape=(channels, frames)], extremes included."""
    top = 2 ** (bits - 1)
    values = np.random.default_rng(seed).integers(-top, top, (channels, frames))
    values[:, :3] = [-top, 0, top - 1]
    return values
