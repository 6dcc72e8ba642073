"""Runs what the ledger holds: claim, plan on a worker, freeze, render on a worker, verify, rename, result.json last.

Threads of its own (one a worker, one clerk for what is owed); the daemon's event loop only hears JobEvents.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridge.jobs.job import Job, JobEvent
from bridge.jobs.ledger import Ledger

Listener = Callable[[JobEvent], None]


@dataclass(frozen=True)
class WorkerSetup:
    """How workers are made.

    module: run as `python -m module`. settings: handed to it as its first message, over a private pipe (secrets never
    stand on a command line). memory_mb: of one worker; above it the worker is killed.
    """

    module: str = "bridge.bootstrap.worker"
    settings: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1
    memory_mb: int = 2048


class Dispatcher:
    """`state` holds spool files and worker logs, `outbox` the results. The ledger must have been opened as owner."""

    def __init__(self, ledger: Ledger, outbox: Path, state: Path, setup: WorkerSetup) -> None:
        raise NotImplementedError

    def start(self) -> None:
        """Clears up after a killed predecessor, then starts workers and threads; returns within the second.

        Raises OutputFailed where the outbox cannot be made.
        """

    def stop(self, grace_s: float = 5.0) -> None:
        """Stops claiming, lets running jobs go on for `grace_s`, then kills the workers and gives the jobs back."""

    def listen(self, listener: Listener, loop: asyncio.AbstractEventLoop | None = None) -> Callable[[], None]:
        """Calls `listener` with each JobEvent, on `loop` where given, else on the worker's thread; returns the end."""
        raise NotImplementedError

    def wake(self) -> None:
        """There may be something to claim. Never blocks."""

    def cancel(self, job: str) -> Job:
        """Ledger.cancel, at once: a job at work is ended by killing its worker. Blocks for a transaction."""
        raise NotImplementedError

    def retry(self, job: str) -> Job:
        """Ledger.retry, and wakes."""
        raise NotImplementedError

    def result_path(self, job: str) -> Path:
        """OUTBOX/<job id>/result.json, whether it is there yet or not."""
        raise NotImplementedError

    def wait_until_idle(self, timeout_s: float) -> bool:
        """True once nothing waits, nothing runs and no result is owed (for tests and one-off runs)."""
        raise NotImplementedError
