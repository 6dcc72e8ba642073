"""Title, artist and so on, where chunks cannot be carried: from one container's words to another's."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from bridge.files.containers.mp3 import after_id3
from bridge.files.encoders.encoder import ChunkBytes
from bridge.files.sound_file import SoundFile

_INFO = {
    "title": b"INAM",
    "artist": b"IART",
    "copyright": b"ICOP",
    "comment": b"ICMT",
    "date": b"ICRD",
    "album": b"IPRD",
    "tracknumber": b"ITRK",
    "genre": b"IGNR",
}
_AIFF = {"title": b"NAME", "artist": b"AUTH", "copyright": b"(c) ", "comment": b"ANNO"}

LONGEST = 4096
"""Characters of one text that are carried; tags are untrusted."""


def carried_tags(source: SoundFile) -> dict[str, str]:
    """The source's tags that say something of the music; `software` is about the program that wrote it."""
    return {key: value[:LONGEST] for key, value in source.tags.items() if key in _INFO}


def info_list(tags: Mapping[str, str]) -> ChunkBytes | None:
    """A LIST INFO chunk of the tags; None without any."""
    items = b"".join(_item(_INFO[key], value) for key, value in tags.items() if key in _INFO)
    return (b"LIST", b"INFO" + items) if items else None


def _item(identity: bytes, text: str) -> bytes:
    body = text.encode("utf-8", "replace") + b"\0"
    return struct.pack("<4sI", identity, len(body)) + body + bytes(len(body) % 2)


def aiff_texts(tags: Mapping[str, str]) -> tuple[ChunkBytes, ...]:
    """Text chunks of the tags that AIFF has words for."""
    return tuple(
        (_AIFF[key], value.encode("utf-8", "replace")) for key, value in tags.items() if key in _AIFF
    )


def aiff_lacks(tags: Mapping[str, str]) -> list[str]:
    return [key for key in tags if key not in _AIFF]


def lost_flac(source: SoundFile, carried: Mapping[str, str]) -> list[str]:
    """What of a FLAC's metadata soundfile does not hand over: other comments, pictures, a cue sheet."""
    raw, found = source.raw, []
    at = after_id3(raw) + 4
    for _ in range(1024):
        head = raw.read(at, 4)
        if len(head) < 4:
            break
        kind, size = head[0] & 0x7F, int.from_bytes(head[1:], "big")
        if kind == 4:
            found += _comment_keys(raw.read(at + 4, min(size, 2**20)), carried)
        elif kind in _BLOCKS:
            found.append(_BLOCKS[kind])
        at += 4 + size
        if head[0] & 0x80:
            break
    return list(dict.fromkeys(found))


_BLOCKS = {2: "application data", 5: "the cue sheet", 6: "the picture"}


def _comment_keys(block: bytes, carried: Mapping[str, str]) -> list[str]:
    """Keys of a Vorbis comment block (RFC 9639 clause 8.6) that are not carried, in lower case."""
    found: list[str] = []
    try:
        at = 4 + struct.unpack_from("<I", block)[0]
        count = struct.unpack_from("<I", block, at)[0]
        at += 4
        for _ in range(min(count, 1024)):
            size = struct.unpack_from("<I", block, at)[0]
            key = block[at + 4 : at + 4 + min(size, 64)].split(b"=", 1)[0].decode("ascii", "replace").lower()
            if key not in carried and key not in ("encoder", "software") and key.isprintable():
                found.append(key)
            at += 4 + size
    except struct.error:
        return found
    return found
