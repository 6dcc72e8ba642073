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
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bridge.audio import Samples
from bridge.errors import BridgeError
from bridge.processes.wire import Message, error_message

SLOT_BYTES = 1 << 20
"""131,072 frames of stereo. There is one slot more than blocks are under way ahead, used by turns."""

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
    """The parent's end. ahead: how many blocks later answers are taken.

    `address` and `memory_path` go to the child, which must connect before `accept` returns.
    """

    def __init__(self, ahead: int) -> None:
        self._slots = ahead + 1
        self._next = 0
        self._flying: deque[int] = deque()
        self._more = 0
        self._folder = Path(tempfile.mkdtemp(prefix="dawbridge-", dir=_fast_folder()))
        self.memory_path = self._folder / "sound"
        with self.memory_path.open("wb+") as file:
            file.truncate(self._slots * SLOT_BYTES)
            self._memory = mmap.mmap(file.fileno(), self._slots * SLOT_BYTES)
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
        """Sends a block [shape=(channels, frames)] of at most SLOT_BYTES. What comes back is, where the line works
        ahead, the answer to a block before: the child plays while the parent does something else.

        Raises ConnectionError where the child is gone, Raised with what the child raised, and what `wait.look` raises.
        """
        slot = self._next
        self._next = (slot + 1) % self._slots
        _sound(self._memory, slot, block.shape)[:] = block
        self._say(_PROCESS, block.shape[1], slot)
        self._flying.append(slot)
        return block[:, :0] if len(self._flying) < self._slots else self._answer(block.shape[0], wait)

    def flush(self, channels: int, wait: Waiting) -> Samples:
        """All that is still to come."""
        parts = [self._answer(channels, wait) for _ in range(len(self._flying))]
        word = _FLUSH
        while word == _FLUSH or self._more:
            self._say(word, 0, 0)
            self._flying.append(0)
            parts.append(self._answer(channels, wait))
            word = _MORE
        return np.concatenate(parts, axis=1)

    def _answer(self, channels: int, wait: Waiting) -> Samples:
        """To the oldest block that is under way."""
        frames, self._more = self._hear(wait)
        if 4 * channels * frames > SLOT_BYTES:
            raise ConnectionError("the line is out of step: no slot holds so many frames")
        return _sound(self._memory, self._flying.popleft(), (channels, frames)).copy()

    def _say(self, word: bytes, frames: int, slot: int) -> None:
        assert self._socket is not None
        self._socket.sendall(_WORDS.pack(word, frames, slot))

    def _hear(self, wait: Waiting) -> tuple[int, int]:
        while True:
            word, first, second = _WORDS.unpack(self._take(_WORDS.size, wait))
            if word == _SOUND:
                return first, second
            if word == _ERROR:
                raise Raised(_message(self._take(first, wait)))
            if word != _BEAT:
                raise ConnectionError("the line is out of step: somebody else has written on it")
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


def _message(data: bytes) -> Message:
    try:
        message = json.loads(data)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise ConnectionError("the line is out of step: that is no message")
    return message


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
    with open(memory_path, "r+b") as file:  # noqa: PTH123 - a path as text, straight from the wire
        memory = mmap.mmap(file.fileno(), 0)
    # A parent that has heard an error hangs up while the answer to its next block is on the way.
    with contextlib.suppress(ConnectionError), _connect(address) as line:
        _Answers(processor, channels, line, memory).serve()


def _sound(memory: mmap.mmap, slot: int, shape: tuple[int, ...]) -> Samples:
    """A view of the sound in a slot."""
    count = int(np.prod(shape))
    return np.frombuffer(memory, np.float32, count, slot * SLOT_BYTES).reshape(shape)


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
            word, frames, slot = _WORDS.unpack(data)
            try:
                out = waiting if word == _MORE else self._play(word, frames, slot, waiting)
            except BridgeError as error:
                self._raise(error)
                continue
            waiting = self._give(out, slot)

    def _play(self, word: bytes, frames: int, slot: int, waiting: Samples) -> Samples:
        """What waits and what is made now."""
        if word == _FLUSH:
            played: Samples = self._processor.flush()
        else:
            played = self._processor.process(_sound(self._memory, slot, (self._channels, frames)))
        return np.concatenate([waiting, played], axis=1) if waiting.shape[1] else played

    def _give(self, out: Samples, slot: int) -> Samples:
        """As much as fits; the rest waits for the next answer."""
        fits = SLOT_BYTES // 4 // self._channels
        piece, rest = out[:, :fits], out[:, fits:]
        _sound(self._memory, slot, piece.shape)[:] = piece
        self._line.sendall(_WORDS.pack(_SOUND, piece.shape[1], rest.shape[1]))
        return rest

    def _raise(self, error: BridgeError) -> None:
        text = json.dumps(error_message(error)).encode()
        self._line.sendall(_WORDS.pack(_ERROR, len(text), 0) + text)

    def _beat(self) -> None:
        if time.monotonic() - self._last_beat > _BEAT_S:
            self._last_beat = time.monotonic()
            self._line.sendall(_WORDS.pack(_BEAT, 0, 0))
