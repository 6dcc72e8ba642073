"""Where Broadcast Wave files lie in a song, by their own stamps (EBU Tech 3285 v2, clause 2.3: TimeReference)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bridge.files.metadata.bext import FIXED, TIME_AT
from bridge.rendering.mixdown import LONGEST_SILENCE_S, longest_silence

if TYPE_CHECKING:
    from bridge.files.sound_file import SoundFile


def stamped_starts(sounds: Mapping[str, SoundFile]) -> dict[str, float]:
    """Seconds after the earliest of them, by name, for those that begin later.

    Empty where one has no stamp, for then nobody knows where that one lies, and where they lie too far apart to be
    of one song.
    """
    stamps = {name: _stamp_s(sound) for name, sound in sounds.items()}
    told = {name: stamp for name, stamp in stamps.items() if stamp is not None}
    if len(told) < len(stamps) or not told:
        return {}
    earliest = min(told.values())
    starts = {name: stamp - earliest for name, stamp in told.items() if stamp > earliest}
    return {} if longest_silence(sounds, starts)[1] > LONGEST_SILENCE_S else starts


def _stamp_s(sound: SoundFile) -> float | None:
    chunk = next((each for each in sound.survey.chunks if each.id == b"bext" and each.size >= FIXED), None)
    if chunk is None:
        return None
    (frames,) = struct.unpack("<Q", sound.raw.read(chunk.offset + TIME_AT, 8))
    return float(frames / sound.rate)
