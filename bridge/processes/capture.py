"""What a child prints, kept within bounds: a plugin that writes without end fills no disk, blocks no daemon, and does
not slow itself down by it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

_TAIL_BYTES = 4096
_CHUNK = 1 << 20


class CapturedOutput:
    """Reads a child's stdout and stderr (one pipe) on a thread into `path`, at most `cap_bytes` of it.

    What comes after is read and dropped as fast as it comes: the child is not to wait for a reader, and reading costs
    a tenth of what writing costs it. path: None keeps only the tail. The descriptor is owned from here on.
    """

    def __init__(self, descriptor: int, path: Path | None, cap_bytes: int = 1 << 20) -> None:
        self._descriptor = descriptor
        self._path = path
        self._left = cap_bytes
        self._tail = b""
        self.dropped_bytes = 0
        self._thread = threading.Thread(target=self._drain, name="child-output", daemon=True)
        self._thread.start()

    def tail(self) -> str:
        """The last lines that were printed, cut to 4 KB."""
        return self._tail.decode("utf-8", "replace").strip()

    def last_line(self) -> str:
        return next((line.strip() for line in reversed(self.tail().splitlines()) if line.strip()), "")

    def join(self, timeout_s: float) -> None:
        """Waits until the child's end is closed and everything is read."""
        self._thread.join(timeout_s)

    def _drain(self) -> None:
        try:
            while chunk := os.read(self._descriptor, _CHUNK):
                end = chunk[-_TAIL_BYTES:]
                self._tail = end if len(end) == _TAIL_BYTES else (self._tail + end)[-_TAIL_BYTES:]
                self._keep(chunk)
        finally:
            os.close(self._descriptor)

    def _keep(self, chunk: bytes) -> None:
        if self._left <= 0:
            self.dropped_bytes += len(chunk)
            return
        kept, self._left = chunk[: self._left], self._left - len(chunk)
        if self._left <= 0:
            self.dropped_bytes += -self._left
            kept += b"\n[the rest was dropped: this log is full]\n"
        if self._path is not None:
            self._append(kept)

    def _append(self, kept: bytes) -> None:
        assert self._path is not None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(kept)
        except OSError:  # a full disk must not stop the draining: the child would block for ever
            self._left = 0
