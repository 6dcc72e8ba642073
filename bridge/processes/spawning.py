"""Starting a supervised process, per system: private pipes for messages, one pipe for everything that it prints."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import IO

from bridge.processes.limits import Limits

if sys.platform == "win32":
    from bridge.processes.windows import confine

_ROOM_BYTES = 1 << 20


def spawn(
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
    _widen(printing)
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


def _widen(pipe: int) -> None:
    """Linux: room for a flood, so that it needs few switches between the two processes."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):  # the user's share of such room is used up
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _ROOM_BYTES)


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
