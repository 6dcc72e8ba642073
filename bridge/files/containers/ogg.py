"""Ogg (RFC 3533) with Vorbis, Opus or FLAC inside: the last page must be whole and marked as the last."""

from __future__ import annotations

import struct

from bridge.files.containers.survey import Survey, missing
from bridge.files.raw import Raw

_LARGEST_PAGE = 27 + 255 + 255 * 255
_LAST = 4


def survey_ogg(raw: Raw) -> Survey:
    rate, channels = _described(raw)
    if rate is None or channels is None:
        return Survey(
            "OGG", "unsupported", "is an Ogg file without Vorbis or Opus sound; export it as WAV or FLAC."
        )
    tail_at = max(0, raw.size - 2 * _LARGEST_PAGE)
    tail = raw.read(tail_at, 2 * _LARGEST_PAGE)
    at = tail.rfind(b"OggS")
    end = _page_end(tail, at) if at >= 0 else None
    if end is None or end > len(tail):
        return Survey("OGG", "truncated", missing(raw.size, tail_at + (end or len(tail) + 1)), rate, channels)
    if not tail[at + 5] & _LAST:
        why = "has no last page: it is cut off or still being written. Wait, or export it again."
        return Survey("OGG", "truncated", why, rate, channels)
    return Survey("OGG", "complete", "", rate, channels, trailing=len(tail) - end)


def _described(raw: Raw) -> tuple[int | None, int | None]:
    """(rate in Hz, channels) of the first packet; Opus always decodes at 48 kHz."""
    head = raw.read(0, 27 + 255 + 64)
    if len(head) < 28:
        return None, None
    packet = head[27 + head[26] :]
    if packet[:7] == b"\x01vorbis" and len(packet) >= 16:
        channels, rate = struct.unpack_from("<BI", packet, 11)
        return rate, channels
    if packet[:8] == b"OpusHead" and len(packet) >= 12:
        return 48_000, packet[9]
    return None, None


def _page_end(tail: bytes, at: int) -> int | None:
    """Offset after the page that starts at `at`; None when its header is cut off."""
    if at + 27 > len(tail):
        return None
    lacing = tail[at + 27 : at + 27 + tail[at + 26]]
    if len(lacing) < tail[at + 26]:
        return None
    return at + 27 + len(lacing) + sum(lacing)
