"""JobEvents to listeners: at most ten a second of progress for a job, each client by the id that it chose."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from bridge.jobs.job import Job, JobEvent
from bridge.jobs.ledger import Ledger
from bridge.jobs.spec import Status

log = logging.getLogger(__name__)

Listener = Callable[[JobEvent], None]

_APART_S = 0.1


class Announcer:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._listeners: dict[object, Listener] = {}

    def listen(self, listener: Listener, loop: asyncio.AbstractEventLoop | None) -> Callable[[], None]:
        mark = object()
        self._listeners[mark] = listener if loop is None else _on_loop(listener, loop)
        return lambda: self._listeners.pop(mark, None) and None

    def started(self, job: Job) -> Callable[[float, str], None]:
        """Says so, and returns what hears of the job's progress."""
        clients = self._clients(job)
        self._tell(clients, JobEvent(job.id, None, "started", 0.0, _stage(job)))
        last_at, last_stage = 0.0, ""

        def progress(fraction: float, stage: str) -> None:
            nonlocal last_at, last_stage
            now = time.monotonic()
            if stage != last_stage or now - last_at >= _APART_S:
                last_at, last_stage = now, stage
                self._tell(clients, JobEvent(job.id, None, "progress", fraction, stage))

        return progress

    def requeued(self, job: Job, now: Job | None) -> None:
        reason = now.reason if now else None
        self._tell(self._clients(job), JobEvent(job.id, None, "requeued", 0.0, _stage(job), reason=reason))

    def finished(self, job: Job, result_path: Path | None, problem: str | None = None) -> None:
        """Of a job in a final state. problem: why there is no result.json."""
        event = JobEvent(
            job.id, None, "finished", 1.0, job.state, None if result_path is None else str(result_path),
            cast(Status, job.state), problem or job.reason,
        )  # fmt: skip
        self._tell(self._clients(job), event)

    def _clients(self, job: Job) -> list[str | None]:
        if not self._listeners:
            return []
        return [*self._ledger.clients(job.id)] or [None]

    def _tell(self, clients: list[str | None], event: JobEvent) -> None:
        for client in clients:
            for listener in list(self._listeners.values()):
                try:
                    listener(event.for_client(client))
                except Exception:
                    log.exception("A listener of job events failed.")


def _stage(job: Job) -> str:
    return "render" if job.state == "running" else "plan"


def _on_loop(listener: Listener, loop: asyncio.AbstractEventLoop) -> Listener:
    def later(event: JobEvent) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(listener, event)

    return later
