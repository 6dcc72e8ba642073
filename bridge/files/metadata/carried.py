"""Carried: the chunks and tags of a source, ready to be written into a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.files.encoders.encoder import ChunkBytes
from bridge.files.formats import SoundFormat
from bridge.files.metadata.change import Change
from bridge.files.metadata.chunks import AiffChunks, Chunks, RiffChunks, read_chunks
from bridge.files.metadata.tags import aiff_lacks, aiff_texts, carried_tags, info_list, lost_flac
from bridge.files.naming import spoken
from bridge.files.sound_file import SoundFile

_RIFF = ("WAV", "RF64", "W64")
_COMMENTS_IN_STREAM = ("FLAC", "OGG", "MP3", "CAF")


@dataclass
class Carried:
    """head: chunks that stand before the sound. tags: for containers that soundfile writes.

    `tail(frames)`, asked once the result's length is known, gives the chunks after the sound and may add warnings.
    """

    head: tuple[ChunkBytes, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    chunks: Chunks | None = None

    def tail(self, frames: int) -> tuple[ChunkBytes, ...]:
        """Late chunks [id, payload] for a result of `frames`."""
        return self.chunks.late(frames, self.warnings) if self.chunks is not None else ()

    def longest_tail(self) -> tuple[ChunkBytes, ...]:
        """Late chunks as they stand in the source; the tail is never longer."""
        return self.chunks.untouched() if self.chunks is not None else ()


def carried_from(source: SoundFile, format: SoundFormat, rate: int, channels: int, start: int) -> Carried:
    """What of `source` the result of this format, rate and channels can hold; the rest stands in the warnings."""
    ours, theirs = _family(format.container), _family(source.survey.container)
    change = Change(source.rate, rate, source.frames, max(0, source.frames - start), start)
    if ours == theirs and ours in ("RIFF", "AIFF"):
        kind = RiffChunks if ours == "RIFF" else AiffChunks
        chunks, warnings = read_chunks(source)
        set_of_chunks = kind(spoken(source.path), chunks, change, format, channels, source.channels)
        return Carried(set_of_chunks.early(warnings), {}, warnings, set_of_chunks)
    return _as_tags(source, format)


def _family(container: str) -> str:
    return "RIFF" if container in _RIFF else container


def _as_tags(source: SoundFile, format: SoundFormat) -> Carried:
    tags = carried_tags(source)
    lost = lost_flac(source, tags) if source.survey.container == "FLAC" else _lost_chunks(source)
    head: tuple[ChunkBytes, ...] = ()
    if format.container in _RIFF:
        listed = info_list(tags)
        head = (listed,) if listed is not None else ()
    elif format.container == "AIFF":
        head = aiff_texts(tags)
        lost += aiff_lacks(tags)
    warnings = []
    if lost:
        what = ", ".join(lost[:8]) + (" and more" if len(lost) > 8 else "")
        warnings.append(f"{spoken(source.path)}: not carried over to {format.container}: {what}.")
    return Carried(head, tags if format.container in _COMMENTS_IN_STREAM else {}, warnings)


def _lost_chunks(source: SoundFile) -> list[str]:
    """Names of chunks that have no place in the result's container."""
    if source.survey.container not in (*_RIFF, "AIFF"):
        return []
    chunks, _ = read_chunks(source)
    texts = (b"NAME", b"AUTH", b"(c) ", b"ANNO")
    return [
        f"the {identity.decode('ascii', 'replace').strip()} chunk"
        for identity, payload, _before in chunks
        if identity not in texts and not (identity == b"LIST" and payload[:4] == b"INFO")
    ]
