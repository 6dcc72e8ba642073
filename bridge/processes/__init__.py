"""Supervised child processes: a spawned interpreter, JSON lines over private pipes, limits, and no orphan ever.

Child        the parent's handle of one process
inside       the child's end: `Channel.open()`, `serve(handle)`
WorkerPool   warm children, one thread each, recycled before they grow old
"""

from bridge.processes.child import Child
from bridge.processes.limits import Limits
from bridge.processes.pool import Recycling, Worker, WorkerPool

__all__ = ["Child", "Limits", "Recycling", "Worker", "WorkerPool"]
