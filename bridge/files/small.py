"""Small files that users and other programs write: presets, maps. Links are followed, pipes never waited for."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_small(path: Path, most_bytes: int) -> bytes:
    """At most `most_bytes` + 1 of a regular file, so that one that is too large can be told.

    Raises OSError for what cannot be read, a named pipe or a device included: opening one could wait for ever.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "it is no regular file")
        return file.read(most_bytes + 1)
