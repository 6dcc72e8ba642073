"""FLAC, CAF, Ogg and MP3 being written by soundfile, through our own file object: its failures are ours to name."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.errors import OutputFailed
from bridge.files.encoders.encoder import ChunkBytes, Shape
from bridge.files.formats import SoundFormat
from bridge.files.output import Output

_PIECE = 8192
"""Frames handed over at once: libvorbis keeps a whole call on the stack."""


class _Callbacks(io.RawIOBase):
    """The Output as the C library sees it: a callback must not raise, and may come after the file was given up.

    A write that failed is remembered by the Output; what the library does after that no longer matters.
    """

    def __init__(self, out: Output) -> None:
        super().__init__()
        self._out = out

    def tell(self) -> int:
        with contextlib.suppress(OSError):
            return self._out.tell()
        return 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        with contextlib.suppress(OSError):
            return self._out.seek(offset, whence)
        return 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with contextlib.suppress(OSError):
            return self._out.readinto(buffer)
        return 0

    def write(self, data: bytes) -> int:  # type: ignore[override]
        with contextlib.suppress(OutputFailed):
            self._out.write(data)
        return len(data)


class LibraryEncoder:
    """tags: title, artist and so on, in soundfile's words."""

    def __init__(
        self, out: Output, shape: Shape, format: SoundFormat, tags: Mapping[str, str] | None = None
    ) -> None:
        import soundfile

        self.container = format.container
        self._out = out
        self._shift = 32 - (format.bits or 32)
        try:
            self._file = soundfile.SoundFile(
                _Callbacks(out), "w", shape.rate, shape.channels, format.subtype, format=format.container
            )
            for key, value in (tags or {}).items():
                setattr(self._file, key, value)
        except (soundfile.SoundFileError, ValueError, TypeError) as error:
            out.raise_failure()
            raise OutputFailed(
                f"{out.name} could not be written: {format.container} takes no {shape.channels} channels at "
                f"{shape.rate} Hz as {format.subtype} ({error}); ask for WAV."
            ) from error

    def write_integers(self, integers: NDArray[np.int32]) -> None:
        self._write(np.ascontiguousarray(np.left_shift(integers, self._shift)))

    def write_floats(self, block: Samples) -> None:
        self._write(np.ascontiguousarray(block.T))

    def close(self, tail: Sequence[ChunkBytes]) -> None:
        self._guarded(self._file.close)
        self._out.seek(0, 2)

    def _write(self, interleaved: NDArray[np.int32] | NDArray[np.float32]) -> None:
        for start in range(0, len(interleaved), _PIECE):
            self._guarded(self._file.write, interleaved[start : start + _PIECE])

    def _guarded(self, call: object, *arguments: object) -> None:
        import soundfile

        assert callable(call)
        try:
            call(*arguments)
        except (soundfile.SoundFileError, AssertionError) as error:
            self._out.raise_failure()
            raise OutputFailed(f"{self._out.name} could not be written: {error}") from error
        self._out.raise_failure()
