"""The bytes of an open file, read at positions, without a shared cursor."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import threading

_PREAD = hasattr(os, "pread")


class Raw:
    """A descriptor with its size when it was opened; owns the descriptor.

    Reading past the end gives fewer bytes. An I/O error raises OSError.
    """

    def __init__(self, descriptor: int, name: str) -> None:
        self.descriptor = descriptor
        self.name = name
        self.stat = os.fstat(descriptor)
        self.size = self.stat.st_size
        self._lock = threading.Lock()

    def read(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`; fewer at the end of the file."""
        if offset < 0 or count <= 0 or offset >= self.size:
            return b""
        if _PREAD:
            return os.pread(self.descriptor, min(count, self.size - offset), offset)
        with self._lock:  # Windows: a cursor is all there is
            before = os.lseek(self.descriptor, 0, os.SEEK_CUR)
            os.lseek(self.descriptor, offset, os.SEEK_SET)
            try:
                return os.read(self.descriptor, min(count, self.size - offset))
            finally:
                os.lseek(self.descriptor, before, os.SEEK_SET)

    def sha256(self) -> str:
        """Hex digest of the whole file, in pieces of 1 MiB."""
        digest = hashlib.sha256()
        offset = 0
        while piece := self.read(offset, 2**20):
            digest.update(piece)
            offset += len(piece)
        return digest.hexdigest()

    def unchanged(self) -> bool:
        """True while size and time of change are those of the opening."""
        now = os.fstat(self.descriptor)
        return (now.st_size, now.st_mtime_ns) == (self.stat.st_size, self.stat.st_mtime_ns)

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class RawView(io.RawIOBase):
    """A Raw as a file object with its own cursor: `head`, then the file's own bytes from `skip` on.

    For what a decoder must be told differently: BW64 is RF64 to one that does not know the name.
    """

    def __init__(self, raw: Raw, head: bytes = b"", skip: int = 0) -> None:
        super().__init__()
        self._raw = raw
        self._head = head
        self._shift = skip - len(head)
        self._size = raw.size - self._shift
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._head[self._at : self._at + len(buffer)]
        # An exception cannot pass through the decoder, which is C; it sees a short read and the caller counts frames.
        with contextlib.suppress(OSError):
            piece += self._raw.read(self._at + len(piece) + self._shift, len(buffer) - len(piece))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
