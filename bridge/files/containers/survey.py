"""Survey: one look at a container; which kind it is, what it promises, and whether the bytes are there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bridge.files.raw import Raw

MOST_CHUNKS = 4096
"""More chunks than any real file has; ends a walk through hostile ones."""


@dataclass(frozen=True)
class Chunk:
    """id: four bytes (of a W64 GUID the first four). offset, size: of the payload in the file, in bytes."""

    id: bytes
    offset: int
    size: int
    before_data: bool = True


@dataclass(frozen=True)
class Survey:
    """state: `complete` or a verdict word. why: goes on from the file's name, "" where complete.

    rate in Hz, channels, frames: what the header says, None where it does not or where only decoding tells.
    chunks: those that are wholly there, in order; of containers that have chunks.
    channel_mask: speaker positions of WAVE_FORMAT_EXTENSIBLE, None without. trailing: bytes after the end.
    """

    container: str
    state: str = "complete"
    why: str = ""
    rate: float | None = None
    channels: int | None = None
    frames: int | None = None
    chunks: tuple[Chunk, ...] = ()
    channel_mask: int | None = None
    trailing: int = 0

    @property
    def complete(self) -> bool:
        return self.state == "complete"


def survey(raw: Raw) -> Survey:
    """Looks at the first bytes, then walks the container they name. Bounded in time and memory for any bytes."""
    if raw.size == 0:
        return Survey("", "empty", "holds no bytes; it was never written, or is about to be.")
    head = raw.read(0, 16)
    look = _surveyor(raw, head)
    if look is None:
        return Survey("", "not_audio", _not_audio(head))
    return look(raw)


def _surveyor(raw: Raw, head: bytes) -> Callable[[Raw], Survey] | None:
    from bridge.files.containers import aiff, caf, flac, mp3, ogg, riff, w64

    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return riff.survey_riff
    if head[:4] == b"FORM":
        return aiff.survey_aiff
    if head == w64.RIFF_GUID:
        return w64.survey_w64
    if head[:4] == b"OggS":
        return ogg.survey_ogg
    if head[:4] == b"caff":
        return caf.survey_caf
    after_tags = mp3.after_id3(raw)
    if raw.read(after_tags, 4) == b"fLaC":
        return flac.survey_flac
    return mp3.survey_mp3 if mp3.first_frame(raw, after_tags) is not None else None


def _not_audio(head: bytes) -> str:
    for magic, kind in _OTHERS.items():
        if head.startswith(magic) or head[4:].startswith(magic):
            return f"is {kind}, not a sound file that the bridge reads; export it as WAV."
    if all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head):
        return "is a text file, not a sound file; its name only looks like one."
    return "is not a sound file that the bridge knows; export it as WAV, AIFF or FLAC."


_OTHERS = {
    b"ftyp": "an MP4 or M4A file",
    b"\x1aE\xdf\xa3": "a Matroska or WebM file",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"MThd": "a MIDI file",
    b".snd": "an AU file",
    b"wvpk": "a WavPack file",
    b"MAC ": "a Monkey's Audio file",
}


def missing(present: int, promised: int) -> str:
    """The words of `truncated`, from sizes in bytes."""
    return (
        f"is cut off: its header promises {promised:,} bytes and {present:,} are there. "
        "Wait until it is copied, or export it again."
    )


STILL_RECORDING = (
    "is still being recorded, or its recorder stopped without finishing the header: the header does not say how "
    "long it is. Stop the recording, or open it in the DAW and save it again."
)
STALE_HEADER = (
    "is still being recorded, or its recorder stopped without finishing the header: more bytes follow the sound than "
    "the header knows of. Stop the recording, or open it in the DAW and save it again."
)
MOST_TRAILING = 4096
"""Bytes after the end that may be a tag or padding; more of them, right behind the sound, are sound."""
NO_FRAMES = "holds no frame of sound; export it again."
