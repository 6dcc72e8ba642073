"""Named points at which a test lets a process die as by `kill -9` (SQLite's "fail at the n-th operation").

BRIDGE_CRASH_AT="commit:3" kills the third time that `point("commit")` is reached; unset, a point costs a look-up.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

VARIABLE = "BRIDGE_CRASH_AT"

_reached: Counter[str] = Counter()


def point(name: str) -> None:
    """Never returns where the environment asks for this point."""
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    _reached[name] += 1
    at, _, count = wanted.partition(":")
    if at == name and _reached[name] == int(count or 1):
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
