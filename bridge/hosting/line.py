"""The line on which blocks of sound go to a plugin's process and back: shared memory, and a socket that says when.

A round trip through JSON and queues costs 130 us, one of these 40. Each message is one letter and two numbers. The
sound lies in the memory as float32, planar.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import shutil
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bridge.audio import Samples
from bridge.errors import BridgeError
from bridge.processes.wire import Message, error_message

MEMORY_BYTES = 1 << 20
"""131,072 frames of stereo."""

_WORDS = struct.Struct("<cII")
_PROCESS, _FLUSH, _MORE, _SOUND, _BEAT, _ERROR = b"P", b"F", b"M", b"S", b"B", b"E"
_BEAT_S = 0.2
_TICK_S = 0.25
_CONNECT_S = 20.0


class Waiting(Protocol):
    """Who waits: is told of signs of life (`beat`) and, while there are none, asked to `look` and raise."""

    def beat(self) -> None: ...

    def look(self) -> None: ...


class Line:
    """The parent's end. `address` and `memory_path` go to the child, which must connect before `accept` returns."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dawbridge-", dir=_fast_folder()))
        self.memory_path = self._folder / "sound"
        with self.memory_path.open("wb+") as file:
            file.truncate(MEMORY_BYTES)
            self._memory = mmap.mmap(file.fileno(), MEMORY_BYTES)
        self._listener, self.address = _listen(self._folder)
        self._socket: socket.socket | None = None

    def accept(self, still_there: Callable[[], bool]) -> None:
        """Waits for the child; then the names in the file system are taken away, so that nothing can be left over."""
        end = time.monotonic() + _CONNECT_S
        self._listener.settimeout(_TICK_S)
        while self._socket is None:
            try:
                self._socket, _ = self._listener.accept()
            except TimeoutError:
                if not still_there() or time.monotonic() > end:
                    raise ConnectionError("nobody connected") from None
        self._socket.settimeout(_TICK_S)
        self._tidy()

    def process(self, block: Samples, wait: Waiting) -> Samples:
        """One exchange [shape=(channels, frames)], at most MEMORY_BYTES. Raises ConnectionError where the child is
        gone, Raised with what the child raised, and what `wait.look` raises."""
        channels, frames = block.shape
        np.frombuffer(self._memory, np.float32, block.size).reshape(block.shape)[:] = block
        return self._sound(_PROCESS, channels, frames, wait)

    def flush(self, channels: int, wait: Waiting) -> Samples:
        return self._sound(_FLUSH, channels, 0, wait)

    def _sound(self, word: bytes, channels: int, frames: int, wait: Waiting) -> Samples:
        parts = []
        while True:
            self._say(word, frames)
            given, more = self._hear(wait)
            view = np.frombuffer(self._memory, np.float32, channels * given).reshape(channels, given)
            parts.append(view.copy())
            if not more:
                return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
            word = _MORE

    def _say(self, word: bytes, frames: int) -> None:
        assert self._socket is not None
        self._socket.sendall(_WORDS.pack(word, frames, 0))

    def _hear(self, wait: Waiting) -> tuple[int, int]:
        while True:
            word, first, second = _WORDS.unpack(self._take(_WORDS.size, wait))
            if word == _SOUND:
                return first, second
            if word == _ERROR:
                raise Raised(json.loads(self._take(first, wait)))
            wait.beat()

    def _take(self, size: int, wait: Waiting) -> bytes:
        assert self._socket is not None
        taken = b""
        while len(taken) < size:
            try:
                piece = self._socket.recv(size - len(taken))
            except TimeoutError:
                wait.look()
                continue
            if not piece:
                raise ConnectionError("the line is dead")
            taken += piece
        return taken

    def close(self) -> None:
        """Hangs up. Safe to call twice."""
        if self._socket is not None:
            self._socket.close()
        self._tidy()
        with contextlib.suppress(BufferError):  # somebody still looks at the last block
            self._memory.close()

    def _tidy(self) -> None:
        self._listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class Raised(Exception):
    """What the child raised, as a message of `bridge.processes.wire`."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.get("message"))
        self.message = message


def _fast_folder() -> str | None:
    """Where files are memory; elsewhere the temporary folder, whose pages stay in the cache."""
    return "/dev/shm" if sys.platform == "linux" and os.access("/dev/shm", os.W_OK) else None


def _listen(folder: Path) -> tuple[socket.socket, list[Any]]:
    """A socket in a folder of ours; on Windows, which has none of those in Python, on the loopback."""
    if sys.platform != "win32":
        listener = socket.socket(socket.AF_UNIX)
        path = str(folder / "line")
        listener.bind(path)
        address: list[Any] = ["unix", path]
    else:
        listener = socket.socket(socket.AF_INET)
        listener.bind(("127.0.0.1", 0))
        address = ["inet", *listener.getsockname()]
    listener.listen(1)
    return listener, address


def _connect(address: list[Any]) -> socket.socket:
    if address[0] == "inet":
        line = socket.create_connection((address[1], address[2]), _CONNECT_S)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    else:
        line = socket.socket(getattr(socket, "AF_" + "UNIX"))
        line.connect(address[1])
    line.settimeout(None)
    return line


def answer_blocks(processor: Any, channels: int, address: list[Any], memory_path: str) -> None:
    """The child's end: plays until the parent hangs up."""
    with open(memory_path, "r+b") as file:  # noqa: PTH123
        memory = mmap.mmap(file.fileno(), MEMORY_BYTES)
    with _connect(address) as line:
        _Answers(processor, channels, line, memory).serve()


class _Answers:
    def __init__(self, processor: Any, channels: int, line: socket.socket, memory: mmap.mmap) -> None:
        self._processor = processor
        self._channels = channels
        self._line = line
        self._memory = memory
        self._last_beat = 0.0
        processor.beat = self._beat

    def serve(self) -> None:
        waiting: Samples = np.zeros((self._channels, 0), np.float32)
        while True:
            data = self._line.recv(_WORDS.size, socket.MSG_WAITALL)
            if len(data) < _WORDS.size:
                return
            word, frames, _ = _WORDS.unpack(data)
            try:
                out = waiting if word == _MORE else self._play(word, frames)
            except BridgeError as error:
                self._raise(error)
                continue
            waiting = self._give(out)

    def _play(self, word: bytes, frames: int) -> Samples:
        if word == _FLUSH:
            out: Samples = self._processor.flush()
            return out
        view = np.frombuffer(self._memory, np.float32, self._channels * frames)
        played: Samples = self._processor.process(view.reshape(self._channels, frames))
        return played

    def _give(self, out: Samples) -> Samples:
        """As much as fits; the parent asks for more while there is more."""
        fits = MEMORY_BYTES // 4 // self._channels
        piece, rest = out[:, :fits], out[:, fits:]
        np.frombuffer(self._memory, np.float32, piece.size).reshape(piece.shape)[:] = piece
        self._line.sendall(_WORDS.pack(_SOUND, piece.shape[1], int(rest.shape[1] > 0)))
        return rest

    def _raise(self, error: BridgeError) -> None:
        text = json.dumps(error_message(error)).encode()
        self._line.sendall(_WORDS.pack(_ERROR, len(text), 0) + text)

    def _beat(self) -> None:
        if time.monotonic() - self._last_beat > _BEAT_S:
            self._last_beat = time.monotonic()
            self._line.sendall(_WORDS.pack(_BEAT, 0, 0))
