"""Jobs: what was asked, how far it got, and the one place that runs it.

Loaded when first used: `bridge.jobs.spec` alone costs no database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.jobs.dispatcher import Dispatcher
    from bridge.jobs.job import Added, FileStamp, Job, JobEvent, NewJob
    from bridge.jobs.ledger import Ledger
    from bridge.jobs.run import run_job

_HOMES = {
    "Added": "bridge.jobs.job",
    "Dispatcher": "bridge.jobs.dispatcher",
    "FileStamp": "bridge.jobs.job",
    "Job": "bridge.jobs.job",
    "JobEvent": "bridge.jobs.job",
    "Ledger": "bridge.jobs.ledger",
    "NewJob": "bridge.jobs.job",
    "run_job": "bridge.jobs.run",
}

__all__ = ["Added", "Dispatcher", "FileStamp", "Job", "JobEvent", "Ledger", "NewJob", "run_job"]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'bridge.jobs' has no attribute {name!r}")
    return getattr(import_module(home), name)
