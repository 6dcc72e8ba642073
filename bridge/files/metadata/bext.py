"""The Broadcast Wave extension (EBU Tech 3285 v2): where the sound lies in time, and how it came to be (EBU R 98)."""

from __future__ import annotations

import struct

from bridge.files.formats import SoundFormat
from bridge.files.metadata.change import Change

FIXED = 602
"""Bytes before the coding history."""

TIME_AT = 338
_VERSION_AT = 346
_LOUDNESS = slice(412, 422)
_NOT_SET = struct.pack("<5h", *[0x7FFF] * 5)
"""Tech 3285 v2 clause 2.4: a loudness value that is not valid is 0x7FFF."""


def moved_bext(payload: bytes, change: Change, line: bytes) -> bytes | None:
    """The bext chunk for the result; None where it is too short to be one.

    The time reference is that of the result's first frame in its own rate, a line is added to the coding history,
    and the loudness values, which were those of the source, are marked as not set.
    """
    if len(payload) < FIXED:
        return None
    out = bytearray(payload[:FIXED])
    start = struct.unpack_from("<Q", out, TIME_AT)[0] + change.start
    struct.pack_into("<Q", out, TIME_AT, min(change.length(start), 2**64 - 1))
    if struct.unpack_from("<H", out, _VERSION_AT)[0] >= 2:
        out[_LOUDNESS] = _NOT_SET
    history = payload[FIXED:].split(b"\0", 1)[0]
    if history and not history.endswith(b"\n"):
        history += b"\r\n"
    return bytes(out) + history + line


def history_line(format: SoundFormat, rate: int, channels: int, program: str) -> bytes:
    """One line of coding history: "A=PCM,F=48000,W=24,M=stereo,T=...". R 98 has words for one and two channels."""
    mode = {1: ",M=mono", 2: ",M=stereo"}.get(channels, "")
    bits = format.bits or {"FLOAT": 32, "DOUBLE": 64}.get(format.subtype, 0)
    return f"A=PCM,F={rate},W={bits}{mode},T={program}\r\n".encode("ascii", "replace")
