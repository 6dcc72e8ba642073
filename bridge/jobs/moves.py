"""Moving a job from state to state: always here, always with its line in the event log."""

from __future__ import annotations

import os
import time
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bridge.jobs import tables
from bridge.jobs.states import State, allowed

NO_LEASE: dict[str, Any] = {
    "owner_pid": None, "owner_started": None, "worker_pid": None, "worker_started": None,
}  # fmt: skip


def move(
    connection: Connection,
    job: str,
    to: State,
    what: str,
    *,
    attempt: int | None = None,
    begins: bool = False,
    detail: Any = None,
    **columns: Any,
) -> bool:
    """True if `job` now stands at `to`.

    False, and nothing is written, where it may not go there from where it stands, or where `attempt` is given and
    another run has begun since (compare-and-set on job and attempt). begins: this is the start of the next attempt.
    The caller's transaction holds the write lock.
    """
    row = connection.execute(
        select(tables.job.c.state, tables.job.c.attempt).where(tables.job.c.id == job)
    ).one_or_none()
    if row is None or (attempt is not None and row.attempt != attempt) or not allowed(row.state, to):
        return False
    current = row.attempt + 1 if begins else row.attempt
    values = {"state": to, "attempt": current, "updated_at": time.time(), **columns}
    connection.execute(update(tables.job).where(tables.job.c.id == job).values(values))
    record(connection, job, current, what, row.state, to, detail)
    return True


def record(
    connection: Connection,
    job: str,
    attempt: int,
    what: str,
    before: str | None = None,
    after: str | None = None,
    detail: Any = None,
) -> None:
    """One line of the event log."""
    connection.execute(
        insert(tables.happening).values(
            at=time.time(), job=job, attempt=attempt, what=what, before=before, after=after,
            pid=os.getpid(), detail=detail,
        )
    )  # fmt: skip


def has_plan(connection: Connection, job: str) -> bool:
    """A plan that steps can be rendered from, not only a question."""
    table = tables.document
    planned = connection.scalar(select(table.c.content).where(table.c.job == job, table.c.name == "planned"))
    return bool(planned and planned["outcome"]["plan"])
