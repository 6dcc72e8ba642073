"""One daemon per state folder: `.bridge.lock`, held by the operating system and freed by it when the owner dies."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from bridge.errors import Unavailable
from bridge.files.lock import try_lock

LOCK_NAME = ".bridge.lock"


class StateLock:
    """The right to run jobs out of a state folder.

    Never inherited by child processes (the descriptor is close-on-exec), so a worker that outlives the daemon for
    a moment does not keep the next daemon out.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        self._descriptor: int | None = None

    def acquire(self) -> StateLock:
        """Raises Unavailable, naming the pid of the holder, if another process has it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try_lock(descriptor)
        except OSError as error:
            holder = os.pread(descriptor, 32, 0) if hasattr(os, "pread") else os.read(descriptor, 32)
            os.close(descriptor)
            raise Unavailable(self._taken_by(holder)) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return self

    def _taken_by(self, holder: bytes) -> str:
        pid = holder.decode("ascii", "replace").strip() or "unknown"
        return (
            f"Another dawbridge (process {pid}) works on the state folder {self.path.parent}; "
            f"stop it first or give this one another --state folder."
        )

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> StateLock:
        return self if self.held else self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
