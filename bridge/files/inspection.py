"""Completeness: is a file a whole sound file? Asked of the container, without decoding unless asked to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bridge.errors import BadInput
from bridge.files.containers.flac import stream_info
from bridge.files.encoding import integers_to_bytes
from bridge.files.limits import LIMITS, Limits
from bridge.files.naming import spoken
from bridge.files.quantizer import Quantizer
from bridge.files.roots import NameOfFile, Roots
from bridge.files.sound_file import SoundFile, open_sound
from bridge.files.verdict import Note, refusal, verdict_of


@dataclass(frozen=True)
class Completeness:
    """state: `complete` or one of VERDICTS. sentence: one line that names the file.

    notes: of a complete file that was decoded: `silent`, `too_short`. frames: None where it was refused.
    """

    state: str
    sentence: str
    notes: tuple[Note, ...] = ()
    frames: int | None = None

    @property
    def complete(self) -> bool:
        return self.state == "complete"

    @property
    def may_grow(self) -> bool:
        """True where the same file could be complete at a later look: it is being copied or recorded."""
        return self.state in ("truncated", "still_recording", "empty", "damaged")


def inspect(
    path: NameOfFile, roots: Roots | None = None, *, decode: bool = False, limits: Limits = LIMITS
) -> Completeness:
    """One look at a file; refusals are returned, not raised.

    decode: read to the end as well, which alone tells a FLAC or an Ogg that was cut off from a whole one, and
    finds samples that are no numbers. FLAC's own MD5 of the sound is compared.
    """
    try:
        with open_sound(path, roots, limits) as sound:
            if decode:
                _decode(sound)
            return Completeness("complete", f"{spoken(path)} is complete.", sound.notes, sound.frames)
    except BadInput as error:
        return Completeness(verdict_of(error), error.message)


def _decode(sound: SoundFile) -> None:
    """Reads to the end; holds a FLAC against the MD5 that its encoder took of the sound (RFC 9639 clause 8.2)."""
    info = stream_info(sound.raw) if sound.format.container == "FLAC" else None
    quantizer = Quantizer(info.bits, sound.channels, None) if info and info.bits in _WHOLE_BYTES else None
    digest = hashlib.md5(usedforsecurity=False)
    for block in sound.blocks():
        if quantizer is not None and info is not None:
            digest.update(integers_to_bytes(quantizer.quantize(block), _WHOLE_BYTES[info.bits], "<"))
    if quantizer is not None and info is not None and any(info.md5) and digest.digest() != info.md5:
        raise refusal(
            sound.path, "damaged", "does not hold the sound that its encoder was given; copy it again."
        )


_WHOLE_BYTES = {8: "PCM_S8", 16: "PCM_16", 24: "PCM_24"}
