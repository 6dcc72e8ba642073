"""The file being written: positions, patches, and every failure as one sentence."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

from bridge.errors import OutputFailed
from bridge.files.atomic import create, output_failed, sync_folder


class Output(io.RawIOBase):
    """A new file at `path` [a temporary name], usable as a file object.

    A write that the system refuses raises OutputFailed and is remembered in `failure`: an encoder in C that calls
    back swallows exceptions, so its owner asks. name: what messages call the file.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        super().__init__()
        self.path = path
        self.name = name or str(path)
        self.failure: OutputFailed | None = None
        self._descriptor = create(path, self.name)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return os.lseek(self._descriptor, 0, os.SEEK_CUR)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return os.lseek(self._descriptor, offset, whence)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = os.read(self._descriptor, len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """All of `data`, or OutputFailed."""
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            self.failure = output_failed(self.name, error)
            raise self.failure from error
        return len(data)

    def patch(self, offset: int, data: bytes) -> None:
        """Overwrites bytes that were written before; the cursor goes back to where it was."""
        here = self.tell()
        self.seek(offset)
        self.write(data)
        self.seek(here)

    def finish(self) -> None:
        """On the medium, with its name. Raises OutputFailed."""
        self.raise_failure()
        try:
            os.fsync(self._descriptor)
            self._close_descriptor()
            sync_folder(self.path.parent)
        except OSError as error:
            raise output_failed(self.name, error) from error

    def raise_failure(self) -> None:
        if self.failure is not None:
            raise self.failure

    def discard(self) -> None:
        """Closes and deletes it; never fails."""
        with contextlib.suppress(OSError):
            self._close_descriptor()
        with contextlib.suppress(OSError):
            self.path.unlink()

    def _close_descriptor(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
