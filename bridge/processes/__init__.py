"""Supervised child processes: a spawned interpreter, JSON lines over private pipes, limits, and no orphan ever.

Child        the parent's handle of one process
inside       the child's end: `Channel.open()`, `serve(handle)`
WorkerPool   warm children, one thread each, recycled before they grow old

Loaded when first used: a child does not pay for the parent's side.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.processes.child import Child
    from bridge.processes.limits import Limits
    from bridge.processes.pool import Recycling, Worker, WorkerPool

_HOMES = {
    "Child": "bridge.processes.child",
    "Limits": "bridge.processes.limits",
    "Recycling": "bridge.processes.pool",
    "Worker": "bridge.processes.pool",
    "WorkerPool": "bridge.processes.pool",
}

__all__ = ["Child", "Limits", "Recycling", "Worker", "WorkerPool"]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'bridge.processes' has no attribute {name!r}")
    return getattr(import_module(home), name)
