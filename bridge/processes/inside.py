"""The child's end of the line: requests in, progress and one answer out, a beat while it works.

The main thread handles requests (plugins want that); a second one reads the pipe and ends the process when the
parent is gone; a third one beats.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Self

from bridge.processes.limits import Limits, limit_myself
from bridge.processes.surroundings import Surroundings
from bridge.processes.wire import MAX_LINE_BYTES, Message, decode, encode, error_message

BEAT_S = 1.0

Tell = Callable[[Message], None]
Handler = Callable[[Message, Tell], Message]


class Channel:
    """Messages to and from the parent, over descriptors that nothing else knows."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = os.fdopen(reading, "rb")
        self._writing = writing
        self._requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._ticket = ""
        self._sending = threading.Lock()
        self._working = threading.Event()
        for target in (self._read, self._beat):
            threading.Thread(target=target, daemon=True).start()

    @classmethod
    def open(cls) -> Self:
        """Limits this process and takes over the pipes. Call first, before heavy imports."""
        environment = os.environ
        channel = environment.pop("BRIDGE_CHILD_CHANNEL", "")
        limits = Limits.from_text(environment.pop("BRIDGE_CHILD_LIMITS", "{}"))
        parent = int(environment.pop("BRIDGE_CHILD_PARENT", "0"))
        if not channel:
            raise SystemExit("This program is started by dawbridge itself; there is nothing to call by hand.")
        limit_myself(limits, parent)
        reading, writing = _standard_streams() if channel == "stdio" else _numbers(channel)
        os.set_inheritable(reading, False)
        os.set_inheritable(writing, False)
        return cls(reading, writing)

    def send(self, message: Message) -> None:
        """Whole lines only, from any thread; ends the process if the parent is gone. The line break before ends what
        foreign code may have written into the pipe."""
        line = memoryview(b"\n" + encode({**message, "ticket": self._ticket}))
        try:
            with self._sending:
                while line:
                    line = line[os.write(self._writing, line) :]
        except OSError:
            os._exit(0)

    def requests(self) -> Iterator[Message]:
        while True:
            yield self._requests.get()

    def serve(self, handle: Handler) -> None:
        """Answers requests for ever. What `handle` raises goes to the parent, and with a traceback into the log.

        The first request makes the process ready. Where a later one has changed its surroundings, its answer says so
        (`spoilt`): the parent is to send no other one here.
        """
        ready: Surroundings | None = None
        for request in self.requests():
            self._ticket = str(request.pop("ticket", ""))
            self._working.set()
            try:
                answer = {**handle(request, self.send), "kind": "answer"}
            except MemoryError:
                raise  # the process is in no state to go on; the parent sees its death
            except Exception as error:  # noqa: BLE001 - translated for the parent, which decides
                traceback.print_exc()
                sys.stderr.flush()
                answer = error_message(error)
            self._working.clear()
            now = Surroundings.now()
            ready = ready or now
            self.send({**answer, "spoilt": now.changed(ready)})

    def _read(self) -> None:
        while line := self._reading.readline(MAX_LINE_BYTES):
            request = decode(line)
            if request is not None:
                self._requests.put(request)
        os._exit(0)  # the parent has gone or wants no more; nothing half-done is visible under a final name

    def _beat(self) -> None:
        while True:
            self._working.wait()
            self.send({"kind": "beat"})
            threading.Event().wait(BEAT_S)


def _numbers(channel: str) -> tuple[int, int]:
    reading, writing = channel.split(",")
    return int(reading), int(writing)


def _standard_streams() -> tuple[int, int]:
    """Moves stdin and stdout away (Windows), so that what plugins print cannot mix with messages."""
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return reading, writing
