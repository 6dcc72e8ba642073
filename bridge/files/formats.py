"""SoundFormat: container and sample type of a file, and which one a result gets."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bridge.errors import BadInput

_BITS = {
    "PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32,
    "ALAC_16": 16, "ALAC_20": 20, "ALAC_24": 24, "ALAC_32": 32,
}  # fmt: skip
_FLOATS = {"FLOAT": 32, "DOUBLE": 64}

_SUFFIXES: dict[str, tuple[str, ...]] = {
    "WAV": (".wav", ".wave", ".bwf"),
    "WAVEX": (".wav", ".wave", ".bwf"),
    "RF64": (".wav", ".wave", ".bwf", ".rf64", ".bw64"),
    "W64": (".w64",),
    "AIFF": (".aiff", ".aif", ".aifc"),
    "FLAC": (".flac",),
    "CAF": (".caf",),
    "OGG": (".ogg", ".oga", ".opus"),
    "MP3": (".mp3",),
}
"""First one: what a new file of the container is called."""

AUDIO_SUFFIXES = frozenset(suffix for suffixes in _SUFFIXES.values() for suffix in suffixes)
"""Endings (lower case, with dot) by which the hot folder knows a sound file."""

WRITABLE: dict[str, tuple[str, ...]] = {
    "WAV": ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"),
    "RF64": ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"),
    "W64": ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"),
    "AIFF": ("PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"),
    "FLAC": ("PCM_S8", "PCM_16", "PCM_24"),
    "CAF": (
        "PCM_S8",
        "PCM_16",
        "PCM_24",
        "PCM_32",
        "FLOAT",
        "DOUBLE",
    ),
    "OGG": ("VORBIS", "OPUS"),
    "MP3": ("MPEG_LAYER_III",),
}


@dataclass(frozen=True)
class SoundFormat:
    """container and subtype in the decoder's words ("WAV", "PCM_24").

    lossless: decoding and encoding again gives the same samples. The rate is not part of it.
    """

    container: str
    subtype: str

    @property
    def lossless(self) -> bool:
        return self.subtype in _BITS or self.subtype in _FLOATS

    @property
    def bits(self) -> int | None:
        """Bits of an integer sample; None for floating point and coded formats."""
        return _BITS.get(self.subtype)

    @property
    def floating(self) -> bool:
        return self.subtype in _FLOATS

    @property
    def suffix(self) -> str:
        return _SUFFIXES[self.container][0]

    @property
    def suffixes(self) -> tuple[str, ...]:
        return _SUFFIXES[self.container]

    def __str__(self) -> str:
        return f"{self.container} {self.subtype}"


WAV_24 = SoundFormat("WAV", "PCM_24")


def result_format(source: SoundFormat) -> SoundFormat:
    """What a result is written as: a lossless source's own container and subtype, else 24-bit WAV.

    WAVEX is a WAV whose header says more; it comes back as WAV with the same channel mask. Apple Lossless comes back
    as plain integers of its depth in the same container: the ALAC encoder of libsndfile 1.2.2 does not give wide
    stereo samples back as they were.
    """
    container = "WAV" if source.container == "WAVEX" else source.container
    subtype = _WITHOUT_ALAC.get(source.subtype, source.subtype)
    if source.lossless and subtype in WRITABLE.get(container, ()):
        return SoundFormat(container, subtype)
    return WAV_24


_WITHOUT_ALAC = {"ALAC_16": "PCM_16", "ALAC_20": "PCM_24", "ALAC_24": "PCM_24", "ALAC_32": "PCM_32"}


def result_name(source: str | os.PathLike[str], format: SoundFormat) -> str:
    """The result's file name: the source's own, with another ending only where it no longer fits the format."""
    path = Path(source)
    if path.suffix.lower() in format.suffixes:
        return path.name
    return path.stem + format.suffix


def format_of_name(path: str | os.PathLike[str], like: SoundFormat | None = None) -> SoundFormat:
    """The format that a file name asks for; `like`'s subtype where the container has it, else 24 bit.

    Raises BadInput for an ending that is no format the bridge writes.
    """
    ending = Path(path).suffix.lower()
    for container, suffixes in _SUFFIXES.items():
        if container != "WAVEX" and ending in suffixes:
            return SoundFormat(container, _subtype(container, like))
    lossless = (name for name in WRITABLE if SoundFormat(name, _subtype(name, None)).lossless)
    known = " ".join(sorted({suffix for container in lossless for suffix in _SUFFIXES[container]}))
    raise BadInput(
        f"{ending or 'No ending'}: not a format that results have; name the file with one of {known}."
    )


def _subtype(container: str, like: SoundFormat | None) -> str:
    offered = WRITABLE[container]
    if like is not None and like.subtype in offered:
        return like.subtype
    if like is not None and like.bits == 8:
        return next((subtype for subtype in offered if _BITS.get(subtype) == 8), offered[0])
    return "PCM_24" if "PCM_24" in offered else offered[0]
