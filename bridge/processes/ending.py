"""How a process ends: noticing it without collecting it, killing it with all that it started, saying how it went."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Without collecting it: as long as its pid is not free, the group of that number is surely its own."""
    if sys.platform == "win32" or process.returncode is not None:
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def wait_for_end(process: subprocess.Popen[bytes], timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while not has_ended(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


def kill_group(process: subprocess.Popen[bytes]) -> None:
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


def how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code} without an answer"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"
