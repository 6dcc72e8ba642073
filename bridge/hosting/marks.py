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
    """One mapped file a process: what is written there outlives it, and costs no system call.

    accountant: the process that will see this one die and ask for its mark (`take`); as long as that lives, nobody
    else counts the death.
    """

    def __init__(self, folder: Path, accountant: int | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        whose = "" if accountant is None else f"+{_name(accountant)}"
        self._path = folder / f"{_name(os.getpid())}{whose}"
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
    """The bundles that processes died inside of which nobody accounts for; their marks are taken away."""
    paths = list(folder.iterdir()) if folder.is_dir() else []
    dead = [path for path in paths if not any(map(_is_running, path.name.split("+")))]
    return [bundle for path in dead if (bundle := _taken(path)) is not None]


def take(folder: Path, pid: int) -> Path | None:
    """For the accountant: the bundle that its child `pid`, which has died, was inside of. A second call gives None."""
    mine = f"{pid}-*+{os.getpid()}-*"
    found = [_taken(path) for path in (list(folder.glob(mine)) if folder.is_dir() else ())]
    return next((bundle for bundle in found if bundle is not None), None)


def _taken(path: Path) -> Path | None:
    """What a mark says; whoever takes it away first has it."""
    try:
        data = path.read_bytes()
        path.unlink()
    except FileNotFoundError:  # another process was quicker
        return None
    return Path(os.fsdecode(data[1:].split(b"\0", 1)[0])) if data[:1] == bytes([_INSIDE]) else None


def _name(pid: int) -> str:
    """Of a process, and of no later one with the same number."""
    return f"{pid}-{int(psutil.Process(pid).create_time() * 1000)}"


def _is_running(name: str) -> bool:
    pid, _, started_ms = name.partition("-")
    try:
        return int(psutil.Process(int(pid)).create_time() * 1000) == int(started_ms)
    except (psutil.Error, ValueError):
        return False
