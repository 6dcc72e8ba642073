"""The stems that lie in a folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bridge.files.formats import AUDIO_SUFFIXES


def stems_in(folder: str | os.PathLike[str]) -> dict[str, Path]:
    """The regular sound files of a folder by the names that they have as stems, in order; nothing below it, no links.

    Two that differ only in their ending keep it: "vocal.aif", "vocal.wav". Raises OSError.
    """
    with os.scandir(folder) as entries:
        found = sorted(Path(entry.path) for entry in entries if _is_sound(entry))
    names = [path.stem for path in found]
    return {(path.stem if names.count(path.stem) == 1 else path.name): path for path in found}


def _is_sound(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or Path(entry.name).suffix.lower() not in AUDIO_SUFFIXES:
        return False
    try:
        return stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode)
    except OSError:
        return False  # gone since the folder was listed
