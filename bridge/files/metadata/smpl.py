"""What a sampler is told: the smpl chunk (loops, unity note) and the acid chunk (beats, tempo)."""

from __future__ import annotations

import struct

from bridge.files.metadata.change import Change

_HEAD = struct.Struct("<9I")
_LOOP = struct.Struct("<6I")
_ACID = struct.Struct("<IHHfIHHf")
_ONE_SHOT = 1


def moved_smpl(payload: bytes, change: Change) -> tuple[bytes | None, int]:
    """(the smpl chunk in the result's frames and rate, how many loops were shortened or left out).

    None where it is too short to be one. A loop's end is its last frame; one that starts beyond the new end is left
    out, one that only ends there is shortened. Data for a certain sampler that follows the loops is kept.
    """
    if len(payload) < _HEAD.size:
        return None, 0
    head = list(_HEAD.unpack_from(payload))
    count = min(head[7], (len(payload) - _HEAD.size) // _LOOP.size)
    loops = [_LOOP.unpack_from(payload, _HEAD.size + index * _LOOP.size) for index in range(count)]
    if change.rate != change.source_rate:
        head[2] = round(1e9 / change.rate)
    kept, touched = [], 0
    for name, kind, start, end, fraction, plays in loops:
        first, last = change.position(start), change.position(end)
        if first < 0 or first >= change.frames:
            touched += 1
            continue
        touched += last > change.frames - 1
        kept.append(_LOOP.pack(name, kind, first, min(last, change.frames - 1), fraction, plays))
    head[7] = len(kept)
    rest = payload[_HEAD.size + count * _LOOP.size :]
    return _HEAD.pack(*head) + b"".join(kept) + rest, touched


def moved_acid(payload: bytes, change: Change) -> tuple[bytes, bool]:
    """(the acid chunk, True where its beats were counted anew): a loop's beats follow from its length and tempo."""
    if len(payload) < _ACID.size or change.frames == change.length(change.source_frames):
        return payload, False
    flags, root, reserved, reserved_too, beats, denominator, numerator, tempo = _ACID.unpack_from(payload)
    if flags & _ONE_SHOT or not 1.0 <= tempo <= 1000.0:
        return payload, False
    counted = round(change.frames / change.rate * tempo / 60.0)
    packed = _ACID.pack(flags, root, reserved, reserved_too, counted, denominator, numerator, tempo)
    return packed + payload[_ACID.size :], counted != beats
