"""What a child prints, kept within bounds: a plugin that writes without end fills no disk and blocks no daemon."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

_TAIL_BYTES = 4096
_CHUNK = 65536
_PAUSE_S = 0.005  # past the cap a flood is slowed to 13 MB/s, so that draining it costs the daemon little


class CapturedOutput:
    """Reads a child's stdout and stderr (one pipe) on a thread into `path`, at most `cap_bytes` of it.

    path: None keeps only the tail. The descriptor is owned from here on.
    """

    def __init__(self, descriptor: int, path: Path | None, cap_bytes: int = 1 << 20) -> None:
        self._descriptor = descriptor
        self._path = path
        self._left = cap_bytes
        self._tail = b""
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
                self._tail = (self._tail + chunk)[-_TAIL_BYTES:]
                self._keep(chunk)
        finally:
            os.close(self._descriptor)

    def _keep(self, chunk: bytes) -> None:
        if self._left <= 0:
            time.sleep(_PAUSE_S)
            return
        kept, self._left = chunk[: self._left], self._left - len(chunk)
        if self._left <= 0:
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
