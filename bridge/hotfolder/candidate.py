"""Which entries of the inbox are sound files to wait for, and why the others are not."""

from __future__ import annotations

import stat
from pathlib import PurePath
from typing import Literal

from bridge.files.formats import AUDIO_SUFFIXES

UNFINISHED = {
    ".part": "a download that is not finished",
    ".partial": "a download that is not finished",
    ".crdownload": "a download that is not finished",
    ".download": "a download that is not finished",
    ".filepart": "an upload that is not finished",
    ".tmp": "a temporary file",
    ".temp": "a temporary file",
    ".reapeaks": "REAPER's drawing of a file",
    ".asd": "Ableton Live's notes on a file",
    ".peak": "a DAW's drawing of a file",
}
_WHOLE: dict[str, Literal["stems", "album"]] = {".stems": "stems", ".album": "album"}
"""A folder of such a name is one thing: all sound files in it are stems of one song, or songs of one album."""
SIDECARS = (".request.json", ".txt")  # the first one that is there is read

_SPECIAL = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def has_audio_name(name: str) -> bool:
    return PurePath(name).suffix.lower() in AUDIO_SUFFIXES


def taken_whole(name: str) -> Literal["stems", "album"] | None:
    """What a folder of this name holds where it is one thing: the stems of one song or the songs of one album."""
    return None if name.startswith(".") else _WHOLE.get(PurePath(name.lower()).suffix)


def sidecar_of(name: str) -> str | None:
    """The name that a sidecar's name speaks of: "x.wav" of "x.wav.txt", "x.stems" of "x.stems.txt"; None for others."""
    for ending in SIDECARS:
        whose = name.removesuffix(ending)
        if name.endswith(ending) and (has_audio_name(whose) or taken_whole(whose)):
            return name.removesuffix(ending)
    return None


def reason_against_name(name: str) -> str | None:
    """Why an entry of this name is no sound file to wait for, whatever it is; None where it may be one."""
    if name.startswith("._"):
        return "macOS's notes on a file"
    if name.startswith("."):
        return "hidden"
    if name.startswith("~$"):
        return "an office program's lock"
    ending = PurePath(name).suffix.lower()
    if ending in UNFINISHED:
        return UNFINISHED[ending]
    return None if ending in AUDIO_SUFFIXES else "not an audio name"


def reason_against_kind(mode: int) -> str | None:
    """Why something of this kind (`st_mode` of lstat) is not taken; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return "a symbolic link; put the file itself there"
    if stat.S_ISDIR(mode):
        return "a folder, not a sound file"
    return _SPECIAL.get(stat.S_IFMT(mode), "a special file")
