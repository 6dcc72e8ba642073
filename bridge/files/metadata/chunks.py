"""Which chunks go over to a result, in which place, and which of them change on the way.

Everything that does not speak of frames, of the coding or of the sound's own numbers goes over byte for byte,
known or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bridge.files.encoders.encoder import ChunkBytes
from bridge.files.formats import SoundFormat
from bridge.files.metadata.aiff import moved_markers, without_links, without_loops
from bridge.files.metadata.bext import history_line, moved_bext
from bridge.files.metadata.change import Change
from bridge.files.metadata.cue import moved_adtl, moved_cue
from bridge.files.metadata.smpl import moved_acid, moved_smpl
from bridge.files.naming import spoken
from bridge.files.sound_file import SoundFile

MOST_BYTES = 16 * 2**20
"""Of one file's chunks together; embedded pictures are a few MB, and more is held in memory for nothing."""

STRUCTURE = frozenset(b"fmt |data|ds64|fact|PEAK|COMM|SSND|FVER|JUNK|junk|PAD |FLLR|filr".split(b"|"))
"""Written anew (or filler): the container's own business. PEAK holds the source's peaks and would lie."""

STALE = {b"MD5 ": "a checksum of the former sound", b"levl": "the peak envelope of the former sound"}

POSITIONS = frozenset((b"plst", b"cart", b"regn", b"elm1", b"iXML"))
"""Hold frame numbers or rates that we do not rewrite; right as long as no frame moves."""

FoundChunk = tuple[bytes, bytes, bool]
"""(id, payload, before the sound)."""


class Chunks(Protocol):
    """The chunks of one source for one result."""

    def early(self, warnings: list[str]) -> tuple[ChunkBytes, ...]:
        """Those that can be written before the sound."""
        ...

    def late(self, frames: int, warnings: list[str]) -> tuple[ChunkBytes, ...]:
        """Those that need the result's length in frames, or that stood after the sound."""
        ...

    def untouched(self) -> tuple[ChunkBytes, ...]:
        """The late ones as they stand in the source: an upper bound of their size."""
        ...


def read_chunks(source: SoundFile) -> tuple[tuple[FoundChunk, ...], list[str]]:
    """All chunks beside the structure, and what was left out for its size or kind."""
    name = spoken(source.path)
    found: list[FoundChunk] = []
    warnings: list[str] = []
    total = 0
    for chunk in source.survey.chunks:
        if chunk.id in STRUCTURE:
            continue
        called = spoken(chunk.id.strip(b"\0 ") or b"unnamed")
        if chunk.id in STALE:
            warnings.append(f"{name}: the {called} chunk is {STALE[chunk.id]} and was left out.")
        elif chunk.id[:1] == b"\0":
            warnings.append(f"{name}: a chunk of an unknown kind was left out.")
        elif total + chunk.size > MOST_BYTES:
            size = f"{chunk.size / 2**20:.0f} MiB"
            warnings.append(f"{name}: the {called} chunk of {size} is too large and was left out.")
        else:
            total += chunk.size
            found.append((chunk.id, source.raw.read(chunk.offset, chunk.size), chunk.before_data))
    return tuple(found), warnings


@dataclass(frozen=True)
class RiffChunks:
    """Chunks of WAV, RF64 and Wave64. change.frames: of the result, as far as it is known beforehand."""

    name: str
    chunks: Sequence[FoundChunk]
    change: Change
    format: SoundFormat
    channels: int
    source_channels: int

    def early(self, warnings: list[str]) -> tuple[ChunkBytes, ...]:
        out: list[ChunkBytes] = []
        for identity, payload, before in self.chunks:
            if not before or _depends_on_length(identity, payload):
                continue
            moved = self._plain(identity, payload, warnings)
            if moved is not None:
                out.append((identity, moved))
        return tuple(out)

    def late(self, frames: int, warnings: list[str]) -> tuple[ChunkBytes, ...]:
        change = _ending(self.change, frames)
        out: list[ChunkBytes] = []
        dropped = self._dropped_cues(change)
        for identity, payload, before in self.chunks:
            if _depends_on_length(identity, payload):
                moved = self._moved(identity, payload, change, dropped, warnings)
            elif not before:
                moved = self._plain(identity, payload, warnings)
            else:
                continue
            if moved is not None:
                out.append((identity, moved))
        return tuple(out)

    def untouched(self) -> tuple[ChunkBytes, ...]:
        found = [
            (identity, payload)
            for identity, payload, before in self.chunks
            if not before or _depends_on_length(identity, payload)
        ]
        return tuple((identity, self._roomy(identity, payload)) for identity, payload in found)

    def _roomy(self, identity: bytes, payload: bytes) -> bytes:
        """A bext after the sound grows by its new line of history."""
        if identity != b"bext":
            return payload
        return (moved_bext(payload, self.change, self._line()) or b"") + b"\r\n"

    def _line(self) -> bytes:
        return history_line(self.format, self.change.rate, self.channels, program())

    def _dropped_cues(self, change: Change) -> frozenset[int]:
        return next(
            (moved_cue(payload, change)[1] for identity, payload, _ in self.chunks if identity == b"cue "),
            frozenset(),
        )

    def _plain(self, identity: bytes, payload: bytes, warnings: list[str]) -> bytes | None:
        if identity == b"bext":
            moved = moved_bext(payload, self.change, self._line())
            if moved is None:
                warnings.append(f"{self.name}: its bext chunk is too short to be one and was left out.")
            return moved
        if identity in (b"chna", b"axml") and self.channels != self.source_channels:
            warnings.append(
                f"{self.name}: its {_said(identity)} chunk describes other channels and was left out."
            )
            return None
        if identity in POSITIONS and not self.change.same_grid:
            warnings.append(
                f"{self.name}: its {_said(identity)} chunk was carried over as it was and may speak of the former "
                "rate or start."
            )
        return payload

    def _moved(
        self, identity: bytes, payload: bytes, change: Change, dropped: frozenset[int], warnings: list[str]
    ) -> bytes | None:
        if identity == b"cue ":
            cue, lost, count = moved_cue(payload, change)
            if lost:
                warnings.append(_markers_lost(self.name, len(lost), count))
            return cue
        if identity == b"smpl":
            smpl, touched = moved_smpl(payload, change)
            if touched:
                warnings.append(
                    f"{self.name}: {touched} loop(s) did not fit the result: shortened or left out."
                )
            return smpl
        if identity == b"acid":
            acid, counted = moved_acid(payload, change)
            if counted:
                warnings.append(
                    f"{self.name}: the length changed, and so did the number of beats in its acid chunk."
                )
            return acid
        return moved_adtl(payload, change, dropped)


@dataclass(frozen=True)
class AiffChunks:
    """Chunks of AIFF and AIFF-C."""

    name: str
    chunks: Sequence[FoundChunk]
    change: Change
    format: SoundFormat
    channels: int
    source_channels: int

    def early(self, warnings: list[str]) -> tuple[ChunkBytes, ...]:
        return tuple(
            (identity, payload)
            for identity, payload, before in self.chunks
            if before and identity not in (b"MARK", b"INST", b"COMT")
        )

    def late(self, frames: int, warnings: list[str]) -> tuple[ChunkBytes, ...]:
        change = _ending(self.change, frames)
        out: list[ChunkBytes] = []
        marks = next((payload for identity, payload, _ in self.chunks if identity == b"MARK"), b"")
        moved, dropped, count = moved_markers(marks, change)
        if dropped:
            warnings.append(_markers_lost(self.name, len(dropped), count))
        for identity, payload, before in self.chunks:
            if identity == b"MARK":
                out += [(identity, moved)] if moved is not None else []
            elif identity == b"INST":
                out.append((identity, without_loops(payload, dropped)))
            elif identity == b"COMT":
                out.append((identity, without_links(payload, dropped)))
            elif not before:
                out.append((identity, payload))
        return tuple(out)

    def untouched(self) -> tuple[ChunkBytes, ...]:
        return tuple((identity, payload) for identity, payload, _ in self.chunks)


def _depends_on_length(identity: bytes, payload: bytes) -> bool:
    return identity in (b"cue ", b"smpl", b"acid") or (identity == b"LIST" and payload[:4] == b"adtl")


def _ending(change: Change, frames: int) -> Change:
    return Change(change.source_rate, change.rate, change.source_frames, frames, change.start)


def _markers_lost(name: str, lost: int, count: int) -> str:
    return f"{name}: {lost} of {count} markers lay outside the result and were left out."


def _said(identity: bytes) -> str:
    return identity.decode("ascii", "replace").strip()


def program() -> str:
    """Name and version for the coding history."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"dawbridge {version('dawbridge')}"
    except PackageNotFoundError:
        return "dawbridge"
