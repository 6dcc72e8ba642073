"""The parent's handle of one supervised process."""

from __future__ import annotations

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import psutil

from bridge.errors import WorkerDied
from bridge.processes.capture import CapturedOutput
from bridge.processes.limits import Limits
from bridge.processes.wire import MAX_LINE_BYTES, Message, decode, encode, error_of

if sys.platform == "win32":
    from bridge.processes.windows import confine

log = logging.getLogger(__name__)

_TICK_S = 0.5
_BEATS_MISSED_S = 60.0
_CLOSING_S = 2.0


class Child:
    """`python -m module`, spawned (never forked), answering JSON lines.

    Everything that it prints goes to `log_path` (capped). It dies with this process; on Linux also with the thread
    that made it, so that thread must live as long as the child is wanted.

    environment: added to this process's own.
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
        self._sending = threading.Lock()
        self._process, self._up, self._down, printed = _spawn(module, self.limits, environment or {})
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
        return not _has_ended(self._process)

    def rss_mb(self) -> float:
        """Resident memory in MB; 0 where it has ended."""
        try:
            return float(self._psutil.memory_info().rss) / 2**20 if self._psutil else 0.0
        except psutil.Error:
            return 0.0

    def send(self, message: Message) -> None:
        """Raises WorkerDied if nobody reads any more."""
        try:
            with self._sending:
                self._down.write(encode(message))
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
    ) -> Message:
        """Sends `request` and waits for its answer; other messages than beats go to `on_message` on the way.

        Raises what the child's handler raised, or WorkerDied: it ended without an answer (exit code 0 included), took
        more memory than allowed, made no progress for `stall_s`, or was not done within `deadline_s`; in the last
        three cases it has been killed.
        """
        self.send(request)
        return self.wait_for_answer(on_message, stall_s=stall_s, deadline_s=deadline_s)

    def wait_for_answer(
        self, on_message: Callable[[Message], None], *, stall_s: float, deadline_s: float | None
    ) -> Message:
        began = progressed = beaten = time.monotonic()
        while True:
            message = self._next(_TICK_S)
            now = time.monotonic()
            if message is not None:
                beaten = now
                kind = message.get("kind")
                if kind == "error":
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
        _kill_group(self._process)

    def close(self) -> None:
        """Lets it end by itself, for two seconds; then kills. Safe to call twice and on a dead child."""
        with self._sending:
            _close_quietly(self._down)
        _wait_for_end(self._process, _CLOSING_S)
        _kill_group(self._process)
        self._process.wait()
        self._reader.join(_CLOSING_S)
        self.output.join(_CLOSING_S)

    def _death(self) -> WorkerDied:
        if not _wait_for_end(
            self._process, _CLOSING_S
        ):  # it closed its pipe and lives on: no worker any more
            self._killed_because = self._killed_because or "closed its pipe and was killed"
        _kill_group(self._process)
        self._process.wait()
        self.output.join(0.5)
        how = self._killed_because or _how_it_ended(self._process.returncode)
        last = self.output.last_line()
        said = f" Its last words: {last[:300]}" if last else ""
        return WorkerDied(f"Worker process {self.pid} {how}.{said}")

    def _read(self) -> None:
        with self._up:
            while line := self._up.readline(MAX_LINE_BYTES):
                message = decode(line)
                if message is None:
                    log.warning("Worker process %d sent a line that is no JSON object.", self.pid)
                else:
                    self._inbox.put(message)
        self._inbox.put(None)


def _spawn(
    module: str, limits: Limits, environment: Mapping[str, str]
) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes], int]:
    """The process, its messages, the way to it, and the descriptor of what it prints."""
    # -P: the folder that the daemon happens to stand in is no place to import from.
    command = [sys.executable, "-P", "-X", "faulthandler", "-m", module]
    variables = {
        # One thread a worker: the pool is as wide as the machine, and every BLAS thread reserves memory.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **os.environ,
        "BRIDGE_CHILD_LIMITS": limits.to_text(),
        "BRIDGE_CHILD_PARENT": str(os.getpid()),
        **environment,
    }
    printed, printing = os.pipe()
    try:
        if sys.platform == "win32":
            process, up, down = _spawn_windows(command, variables, printing)
        else:
            process, up, down = _spawn_posix(command, variables, printing)
    except BaseException:
        os.close(printed)
        raise
    finally:
        os.close(printing)
    return process, up, down, printed


def _spawn_posix(
    command: list[str], variables: dict[str, str], printing: int
) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]:
    to_child, down = os.pipe()
    up, from_child = os.pipe()
    try:
        process = subprocess.Popen(
            command,
            env={**variables, "BRIDGE_CHILD_CHANNEL": f"{to_child},{from_child}"},
            pass_fds=(to_child, from_child),
            stdin=subprocess.DEVNULL,
            stdout=printing,
            stderr=printing,
            start_new_session=True,  # Ctrl-C is the daemon's to handle; and what a plugin starts dies with the group
        )
    except BaseException:
        os.close(up)
        os.close(down)
        raise
    finally:
        os.close(to_child)
        os.close(from_child)
    return process, os.fdopen(up, "rb"), os.fdopen(down, "wb")


if sys.platform == "win32":

    def _spawn_windows(
        command: list[str], variables: dict[str, str], printing: int
    ) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]:
        """The pipes travel as stdin and stdout, which the child moves away before anything can print."""
        process = subprocess.Popen(
            command,
            env={**variables, "BRIDGE_CHILD_CHANNEL": "stdio"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=printing,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.BELOW_NORMAL_PRIORITY_CLASS,
        )
        confine(process, Limits.from_text(variables["BRIDGE_CHILD_LIMITS"]))
        assert process.stdout is not None and process.stdin is not None
        return process, process.stdout, process.stdin


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Without collecting it: as long as its pid is not free, the group of that number is surely its own."""
    if sys.platform == "win32" or process.returncode is not None:
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _wait_for_end(process: subprocess.Popen[bytes], timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while not _has_ended(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """The child and whatever it has started."""
    if process.returncode is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # nobody is left in it (macOS says the second of a zombie)
        return


def _psutil_of(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code} without an answer"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def _close_quietly(file: IO[bytes]) -> None:
    try:
        file.close()
    except OSError:  # it had ended with something unread
        return
