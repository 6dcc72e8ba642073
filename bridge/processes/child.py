"""The parent's handle of one supervised process."""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import psutil

from bridge.errors import WorkerDied
from bridge.processes.capture import CapturedOutput
from bridge.processes.ending import has_ended, how_it_ended, kill_group, wait_for_end
from bridge.processes.limits import Limits
from bridge.processes.spawning import spawn
from bridge.processes.wire import MAX_LINE_BYTES, Message, decode, encode, error_of

log = logging.getLogger(__name__)

Watch = Callable[[], str | None]
"""Why a child is to be ended, in words that complete "worker process N ..."; None while all is well."""


def nobody_watches() -> str | None:
    """The watch of a child that is judged by its messages alone."""
    return None


_TICK_S = 0.5
_BEATS_MISSED_S = 60.0
_CLOSING_S = 2.0


class Child:
    """`python -m module`, spawned (never forked), answering JSON lines.

    Everything that it prints goes to `log_path` (capped). It dies with this process; on Linux also with the thread
    that made it, so that thread must live as long as the child is wanted.

    environment: added to this process's own. `spoilt`: what a request has changed of the child's surroundings, in
    words, after which it is fit for no other; None while all is well.
    """

    def __init__(
        self,
        module: str,
        *,
        limits: Limits | None = None,
        log_path: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.module = module
        self.limits = limits or Limits()
        self._inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._killed_because: str | None = None
        self.spoilt: str | None = None
        self._ticket = ""
        self._sending = threading.Lock()
        self._process, self._up, self._down, printed = spawn(module, self.limits, environment or {})
        self.output = CapturedOutput(printed, log_path)
        self._psutil = _psutil_of(self._process.pid)
        self.started = self._psutil.create_time() if self._psutil else 0.0
        self._reader = threading.Thread(target=self._read, name=f"child-{self.pid}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return not has_ended(self._process)

    def rss_mb(self) -> float:
        """Resident memory in MB; 0 where it has ended."""
        try:
            return float(self._psutil.memory_info().rss) / 2**20 if self._psutil else 0.0
        except psutil.Error:
            return 0.0

    def dropped_mb(self) -> float:
        """How much of what it printed found no room in its log, in MB."""
        return self.output.dropped_bytes / 2**20

    def send(self, message: Message) -> None:
        """Raises WorkerDied if nobody reads any more.

        Each request has a ticket, which all that is said to it must show: foreign code in the child may write into any
        descriptor that it finds, and what it writes there is no answer, least of all to the request after.
        """
        try:
            with self._sending:
                self._ticket = secrets.token_hex(8)
                self._down.write(encode({**message, "ticket": self._ticket}))
                self._down.flush()
        except (OSError, ValueError) as error:
            if isinstance(error, ValueError) and not self._down.closed:
                raise
            raise self._death() from error

    def call(
        self,
        request: Message,
        on_message: Callable[[Message], None] = lambda message: None,
        *,
        stall_s: float = 180.0,
        deadline_s: float | None = None,
        watch: Watch = nobody_watches,
    ) -> Message:
        """Sends `request` and waits for its answer; other messages than beats go to `on_message` on the way.

        Raises what the child's handler raised, or WorkerDied: it ended without an answer (exit code 0 included), took
        more memory than allowed, failed with its surroundings `spoilt`, made no progress for `stall_s`, was not done
        within `deadline_s`, or `watch`, which is asked twice a second, had a reason; in all cases but the first it has
        been killed.
        """
        self.send(request)
        return self.wait_for_answer(on_message, stall_s=stall_s, deadline_s=deadline_s, watch=watch)

    def wait_for_answer(
        self,
        on_message: Callable[[Message], None],
        *,
        stall_s: float,
        deadline_s: float | None,
        watch: Watch = nobody_watches,
    ) -> Message:
        began = progressed = beaten = watched = time.monotonic()
        while True:
            message = self._next(_TICK_S)
            now = time.monotonic()
            if message is not None:
                beaten = now
                kind = message.get("kind")
                self.spoilt = message.pop("spoilt", None) or self.spoilt
                if kind == "error":
                    if self.spoilt:  # that may be why, and another process would do better
                        raise self._end(f"was left with {self.spoilt} and was killed")
                    raise error_of(message)
                if kind == "answer":
                    return message
                if kind != "beat":
                    progressed = now
                    on_message(message)
            elif now - progressed > stall_s:
                raise self._end(f"made no progress for {stall_s:g} s and was killed")
            elif now - beaten > _BEATS_MISSED_S:
                raise self._end(f"gave no sign of life for {_BEATS_MISSED_S:g} s and was killed")
            if deadline_s is not None and now - began > deadline_s:
                raise self._end(f"was not done within {deadline_s:g} s and was killed")
            self._watch_memory()
            if now - watched >= _TICK_S:
                watched = now
                self._unless(watch())

    def _unless(self, because: str | None) -> None:
        if because is not None:
            raise self._end(because)

    def _next(self, timeout_s: float) -> Message | None:
        """The next message, None if there is none within the time; raises WorkerDied at the end of the pipe."""
        try:
            message = self._inbox.get(timeout=timeout_s)
        except queue.Empty:
            if self.alive:
                return None
            message = None  # its end of the pipe is held open by a process that it left behind
        if message is None:
            raise self._death()
        return message

    def _watch_memory(self) -> None:
        if self.rss_mb() > self.limits.memory_mb:
            raise self._end(f"took more than {self.limits.memory_mb} MB of memory and was killed")

    def _end(self, because: str) -> WorkerDied:
        self.kill(because)
        return self._death()

    def kill(self, because: str = "was stopped") -> None:
        """At once, with whatever it has started itself. `because` completes "worker process N ..."."""
        if self._killed_because is None and self.alive:
            self._killed_because = because
        kill_group(self._process)

    def close(self) -> None:
        """Lets it end by itself, for two seconds; then kills. Safe to call twice and on a dead child."""
        with self._sending:
            _close_quietly(self._down)
        wait_for_end(self._process, _CLOSING_S)
        kill_group(self._process)
        self._process.wait()
        self._reader.join(_CLOSING_S)
        self.output.join(_CLOSING_S)

    def _death(self) -> WorkerDied:
        if not wait_for_end(self._process, _CLOSING_S):  # it closed its pipe and lives on: no worker any more
            self._killed_because = self._killed_because or "closed its pipe and was killed"
        kill_group(self._process)
        self._process.wait()
        self.output.join(0.5)
        how = self._killed_because or how_it_ended(self._process.returncode)
        last = self.output.last_line()
        said = f" Its last words: {last[:300]}" if last else ""
        return WorkerDied(f"Worker process {self.pid} {how}.{said}")

    def _read(self) -> None:
        warned = False
        with self._up:
            while line := self._up.readline(MAX_LINE_BYTES):
                message = decode(line)
                if message is not None and message.pop("ticket", None) == self._ticket:
                    self._inbox.put(message)
                elif message is None and not warned and line.strip():
                    warned = True  # once: a plugin that has found the pipe may go on and on
                    log.warning("Worker process %d sent a line that is no message.", self.pid)
        self._inbox.put(None)


def _psutil_of(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def _close_quietly(file: IO[bytes]) -> None:
    try:
        file.close()
    except OSError:  # it had ended with something unread
        return
