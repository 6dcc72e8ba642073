"""Locks between processes: a file that the operating system holds for one of them, and frees when its owner dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridge.errors import Unavailable

_LOOK_AGAIN_S = 0.01

if sys.platform == "win32":
    import msvcrt

    # Windows locks a byte range and forbids others to read it: lock a byte far behind what is written there.
    _LOCKED_BYTE = 1 << 30

    def try_lock(descriptor: int) -> None:
        """Raises OSError where another descriptor, of this process or another, has it."""
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def try_lock(descriptor: int) -> None:
        """Raises OSError where another descriptor, of this process or another, has it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: Path, patience_s: float = 10.0) -> Iterator[None]:
    """While it lasts, no other thread or process is within a lock on `path`, which is made and stays.

    For moments, such as reading a file and writing it anew. Raises Unavailable after `patience_s` seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        until = time.monotonic() + patience_s
        while not _got(descriptor):
            if time.monotonic() >= until:
                raise Unavailable(f"{path} has been held by another process for {patience_s:g} s; try again.")
            time.sleep(_LOOK_AGAIN_S)
        yield
    finally:
        os.close(descriptor)


def _got(descriptor: int) -> bool:
    try:
        try_lock(descriptor)
    except OSError:
        return False
    return True
