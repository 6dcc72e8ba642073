"""Markers, instrument and texts of an AIFF (Apple, "Audio Interchange File Format AIFF-C", 1991)."""

from __future__ import annotations

import struct

from bridge.files.metadata.change import Change


def moved_markers(payload: bytes, change: Change) -> tuple[bytes | None, frozenset[int], int]:
    """(the MARK chunk in the result's frames, ids left out, how many there were); None where none is left."""
    if len(payload) < 2:
        return None, frozenset(), 0
    count = struct.unpack_from(">H", payload)[0]
    kept: list[bytes] = []
    dropped: set[int] = set()
    at, seen = 2, 0
    while seen < count and at + 7 <= len(payload):
        identity, position, length = struct.unpack_from(">hIB", payload, at)
        size = 1 + length + (length + 1) % 2  # a Pascal string, padded to even
        name = payload[at + 6 : at + 6 + size]
        moved = change.position(position)
        if 0 <= moved <= change.frames:
            kept.append(struct.pack(">hI", identity, moved) + name + bytes(size - len(name)))
        else:
            dropped.add(identity)
        at += 6 + size
        seen += 1
    return (struct.pack(">H", len(kept)) + b"".join(kept) if kept else None), frozenset(dropped), seen


def without_loops(payload: bytes, dropped: frozenset[int]) -> bytes:
    """The INST chunk with loops switched off whose markers were left out."""
    out = bytearray(payload)
    for at in (8, 14):
        if len(payload) >= at + 6:
            _mode, begin, end = struct.unpack_from(">hhh", payload, at)
            if begin in dropped or end in dropped:
                struct.pack_into(">hhh", out, at, 0, 0, 0)
    return bytes(out)


def without_links(payload: bytes, dropped: frozenset[int]) -> bytes:
    """The COMT chunk with comments unlinked (marker 0) from markers that were left out."""
    out = bytearray(payload)
    at = 2
    while at + 8 <= len(payload):
        marker, size = struct.unpack_from(">hH", payload, at + 4)
        if marker in dropped:
            struct.pack_into(">h", out, at + 4, 0)
        at += 8 + size + size % 2
    return bytes(out)
