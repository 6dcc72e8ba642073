"""What a child may take, and how it dies with its parent; each with its stand-in where a system has no such thing.

| | Linux | macOS | Windows |
|---|---|---|---|
| memory | RLIMIT_AS, parent's RSS watchdog | RSS watchdog (RLIMIT_AS is not enforced) | job object, watchdog |
| parent's death | PR_SET_PDEATHSIG, end of the pipe | end of the pipe | job object, end of the pipe |
| core dumps | RLIMIT_CORE 0 | RLIMIT_CORE 0 | none are made |
| low priority | nice | nice | priority class |
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict, dataclass

# Libraries reserve address space that they never touch (thread stacks, arenas, BLAS buffers): the hard wall stands
# this far above the memory that is allowed, and catches what allocates faster than the watchdog looks.
_ADDRESS_SPACE_FACTOR = 2
_ADDRESS_SPACE_EXTRA_MB = 4096
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Limits:
    """memory_mb: resident memory above which the parent kills. nice: added to the priority number (0..19)."""

    memory_mb: int = 2048
    nice: int = 5

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Limits:
        return cls(**json.loads(text))


def limit_myself(limits: Limits, parent: int) -> None:
    """Called by a child before it imports anything large. parent: pid of the process that must not be outlived."""
    die_with_parent(parent)
    if sys.platform != "win32":
        _limit_resources(limits)
        os.nice(limits.nice)


if sys.platform != "win32":
    import resource

    def _limit_resources(limits: Limits) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        wanted = (limits.memory_mb * _ADDRESS_SPACE_FACTOR + _ADDRESS_SPACE_EXTRA_MB) << 20
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wall = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wall, wall))


def die_with_parent(parent: int) -> None:
    """Linux: the kernel kills this process when the thread that started it ends, even inside a stuck plugin.

    Elsewhere the end of the pipe does it (`inside`), which needs the interpreter to be free for a moment.
    """
    if sys.platform != "linux":
        return
    import ctypes

    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_PDEATHSIG was refused")
    if os.getppid() != parent:  # it died between the spawn and this line
        os._exit(1)
