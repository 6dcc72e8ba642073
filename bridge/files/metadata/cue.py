"""Markers of a WAV: the cue chunk, and their names and lengths in LIST adtl (Microsoft, "Multimedia Programming
Interface and Data Specifications 1.0", 1991).
"""

from __future__ import annotations

import struct

from bridge.files.metadata.change import Change

_POINT = struct.Struct("<II4sIII")
"""name, position in play order, chunk, chunk start, block start, sample offset; positions in frames."""

_NAMED = (b"labl", b"note", b"ltxt")


def moved_cue(payload: bytes, change: Change) -> tuple[bytes | None, frozenset[int], int]:
    """(the cue chunk in the result's frames, names of points left out, how many there were).

    None where no point is left, or the chunk is too short to be one. Points before the start or beyond the new end
    are left out; a point at the very end stays.
    """
    if len(payload) < 4:
        return None, frozenset(), 0
    count = min(struct.unpack_from("<I", payload)[0], (len(payload) - 4) // _POINT.size)
    points = [_POINT.unpack_from(payload, 4 + index * _POINT.size) for index in range(count)]
    kept = [moved for point in points if (moved := _moved(point, change)) is not None]
    names = frozenset(point[0] for point in points) - {struct.unpack_from("<I", point)[0] for point in kept}
    if not kept:
        return None, names, count
    return struct.pack("<I", len(kept)) + b"".join(kept), names, count


def _moved(point: tuple[int, int, bytes, int, int, int], change: Change) -> bytes | None:
    name, position, chunk, chunk_start, block_start, offset = point
    # Some programs fill in only one of the two.
    at = change.position(offset or position)
    if not 0 <= at <= change.frames:
        return None
    return _POINT.pack(name, at if position else 0, chunk, chunk_start, block_start, at if offset else 0)


def moved_adtl(payload: bytes, change: Change, dropped: frozenset[int]) -> bytes:
    """LIST adtl without the texts of points that were left out, with the lengths of regions in the result's frames.

    What does not parse comes back as it was.
    """
    out = [payload[:4]]
    at = 4
    while at + 8 <= len(payload):
        identity, size = struct.unpack_from("<4sI", payload, at)
        body = payload[at + 8 : at + 8 + size]
        if len(body) < size:
            return payload
        at += 8 + size + size % 2
        if identity in _NAMED and size >= 4:
            if struct.unpack_from("<I", body)[0] in dropped:
                continue
            if identity == b"ltxt" and size >= 8:
                length = min(change.length(struct.unpack_from("<I", body, 4)[0]), change.frames)
                body = body[:4] + struct.pack("<I", length) + body[8:]
        out.append(struct.pack("<4sI", identity, size) + body + bytes(size % 2))
    return b"".join(out)
