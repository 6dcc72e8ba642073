"""Marks: which plugin this process is inside of, and since when without a frame; readable from outside, be it stuck
or dead."""

from __future__ import annotations

import mmap
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

_BYTES = 4096
_INSIDE = 1
_TIMES = struct.Struct("=dd")
"""When it last moved (the monotonic clock, which is one for all processes of a machine), and how long it may not."""
_TIMES_AT = 8
_NAME_AT = _TIMES_AT + _TIMES.size


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
        self._limit_s = 0.0

    @contextmanager
    def inside(self, bundle: Path, limit_s: float) -> Iterator[None]:
        """While it lasts, this process is inside of `bundle`, and hangs where it has not `moved` for `limit_s`."""
        name = os.fsencode(bundle)[: _BYTES - _NAME_AT - 1] + b"\0"
        self._memory[_NAME_AT : _NAME_AT + len(name)] = name
        self._limit_s = limit_s
        self.moved()
        self._memory[0] = _INSIDE
        try:
            yield
        finally:
            self._memory[0] = 0

    def moved(self) -> None:
        """The plugin has just done something that it was asked for."""
        _TIMES.pack_into(self._memory, _TIMES_AT, time.monotonic(), self._limit_s)

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
    found = [_taken(path) for path in _accounted(folder, pid)]
    return next((bundle for bundle in found if bundle is not None), None)


def overdue_s(folder: Path, pid: int) -> float | None:
    """For the accountant: the limit that its child `pid` has outlasted inside of a plugin; None where it has not."""
    for path in _accounted(folder, pid):
        try:
            # Mapped, since a mapping and a read need not agree everywhere.
            with path.open("rb") as file, mmap.mmap(file.fileno(), _BYTES, access=mmap.ACCESS_READ) as memory:
                inside, (moved, limit_s) = memory[0] == _INSIDE, _TIMES.unpack_from(memory, _TIMES_AT)
        except (OSError, ValueError):  # it has just been made, or taken away
            continue
        if inside and time.monotonic() - moved > limit_s:
            return float(limit_s)
    return None


def _accounted(folder: Path, pid: int) -> list[Path]:
    """Marks of a child of this process."""
    return list(folder.glob(f"{pid}-*+{os.getpid()}-*")) if folder.is_dir() else []


def _taken(path: Path) -> Path | None:
    """What a mark says; whoever takes it away first has it."""
    try:
        data = path.read_bytes()
        path.unlink()
    except FileNotFoundError:  # another process was quicker
        return None
    if data[:1] != bytes([_INSIDE]):
        return None
    return Path(os.fsdecode(data[_NAME_AT:].split(b"\0", 1)[0]))


def _name(pid: int) -> str:
    """Of a process, and of no later one with the same number."""
    return f"{pid}-{int(psutil.Process(pid).create_time() * 1000)}"


def _is_running(name: str) -> bool:
    pid, _, started_ms = name.partition("-")
    try:
        return int(psutil.Process(int(pid)).create_time() * 1000) == int(started_ms)
    except (psutil.Error, ValueError):
        return False
