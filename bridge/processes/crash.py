"""Named points at which a test lets a process die as by `kill -9` (SQLite's "fail at the n-th operation").

BRIDGE_CRASH_AT="commit:3" kills the third time that a process reaches `point("commit")`; with a third part, the path
of a file that is made then, only the first of all processes that come so far. Unset, a point costs a look-up.
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
    at, _, rest = wanted.partition(":")
    count, _, once = rest.partition(":")
    if at != name:
        return
    _reached[name] += 1
    if _reached[name] == int(count or 1) and (not once or _is_first(once)):
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _is_first(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    return True
