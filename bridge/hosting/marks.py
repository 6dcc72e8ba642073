"""Marks: which plugin this process is inside of, readable after it has died of it."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

_BYTES = 4096
_INSIDE = 1


class Mark:
    """One mapped file a process: what is written there outlives it, and costs no system call."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{os.getpid()}-{int(psutil.Process().create_time() * 1000)}"
        with self._path.open("wb+") as file:
            file.truncate(_BYTES)
            self._memory = mmap.mmap(file.fileno(), _BYTES)

    @contextmanager
    def inside(self, bundle: Path) -> Iterator[None]:
        """While it lasts, this process is inside of `bundle`."""
        name = os.fsencode(bundle)[: _BYTES - 2] + b"\0"
        self._memory[1 : 1 + len(name)] = name
        self._memory[0] = _INSIDE
        try:
            yield
        finally:
            self._memory[0] = 0

    def close(self) -> None:
        self._memory.close()
        self._path.unlink(missing_ok=True)


def left_behind(folder: Path) -> list[Path]:
    """The bundles that processes died inside of; their marks are taken away."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if _is_running(path.name):
            continue
        try:
            data = path.read_bytes()
            path.unlink()
        except FileNotFoundError:  # another process was quicker
            continue
        if data[:1] == bytes([_INSIDE]):
            found.append(Path(os.fsdecode(data[1:].split(b"\0", 1)[0])))
    return found


def _is_running(name: str) -> bool:
    pid, _, started_ms = name.partition("-")
    try:
        return int(psutil.Process(int(pid)).create_time() * 1000) == int(started_ms)
    except (psutil.Error, ValueError):
        return False
