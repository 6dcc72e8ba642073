"""The dispatcher's side of the ledger: claim, freeze, verify, end, go back; and what a killed daemon left behind."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import psutil
from sqlalchemy import Connection, insert, or_, select, text, update

from bridge.jobs import tables
from bridge.jobs.job import Job
from bridge.jobs.moves import NO_LEASE, move, record
from bridge.jobs.states import FINAL, LOST_RUN, WAITING, State
from bridge.jobs.talk import asked_for, same_talk
from bridge.store.database import Database

MAX_REQUEUES = 2
_LOOKED_AT = 500
"""Waiting jobs among which one is chosen that may begin."""

_JOB = [tables.job.c[item.name] for item in fields(Job)]
_BEGUN: dict[State, State] = {"queued": "planning", "planned": "running"}


@dataclass(frozen=True)
class Orphan:
    """A job that a killed daemon had at work. worker: (pid, start time) of a worker that may still be alive."""

    job: str
    state: State
    attempt: int
    worker: tuple[int, float] | None


class Runs:
    """Every answer False means: another run has begun or the job has ended; what this one made must not count."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owner_pid = os.getpid()
        self._owner_started = psutil.Process().create_time()

    def waiting(self) -> bool:
        """True where there is something to claim."""
        with self._database.read() as connection:
            return connection.scalar(_next().limit(1)) is not None

    def claim(self, worker: tuple[int, float] | None = None) -> Job | None:
        """The oldest waiting job, leased to this process with its next attempt begun; None where none waits.

        worker: (pid, start time) of the process that will do it.
        """
        with self._database.write() as connection:
            job = next(
                (
                    each
                    for each in connection.scalars(_next().limit(_LOOKED_AT)).all()
                    if _may_begin(connection, each)
                ),
                None,
            )
            if job is None:
                return None
            row = connection.execute(select(*_JOB).where(tables.job.c.id == job)).one()
            self._begin(connection, row, worker)
            after = connection.execute(select(*_JOB).where(tables.job.c.id == job)).one()
            return Job(**after._mapping)

    def _begin(self, connection: Connection, row: Any, worker: tuple[int, float] | None) -> None:
        pid, started = worker or (None, None)
        move(
            connection, row.id, _BEGUN[row.state], "claimed", begins=True, reason=None,
            owner_pid=self._owner_pid, owner_started=self._owner_started, worker_pid=pid, worker_started=started,
        )  # fmt: skip

    def freeze(self, job: str, attempt: int, planned: dict[str, Any], seconds: float) -> bool:
        """planning -> planned: from here on no run of this job plans again."""
        with self._database.write() as connection:
            if not move(
                connection, job, "planned", "plan frozen", attempt=attempt, **_read(planned, seconds)
            ):
                return False
            _put(connection, job, "planned", planned)
            return True

    def refine(self, job: str, attempt: int, content: dict[str, Any]) -> bool:
        """Freezes the plan of a second rendering before that begins, so that every later run renders it too."""
        with self._database.write() as connection:
            row = _standing(connection, job)
            if row.attempt != attempt or row.state != "running":
                return False
            _put(connection, job, "refined", content)
            record(connection, job, attempt, "refined plan frozen")
            return True

    def begin_render(self, job: str, attempt: int) -> bool:
        """planned -> running within the same lease."""
        return self._move(job, "running", "rendering", attempt)

    def verified(self, job: str, attempt: int, rendered: dict[str, Any], seconds: float) -> bool:
        """running -> verifying: the temporary file is complete and measured; only its renaming is left."""
        with self._database.write() as connection:
            if not move(connection, job, "verifying", "verified", attempt=attempt, seconds=_more(seconds)):
                return False
            _put(connection, job, "rendered", rendered)
            return True

    def end(
        self,
        job: str,
        attempt: int,
        state: State,
        *,
        reason: str | None = None,
        planned: dict[str, Any] | None = None,
        seconds: float = 0.0,
    ) -> bool:
        """To a final state. planned: an outcome without anything to render (a question, nothing to do)."""
        with self._database.write() as connection:
            columns = {"reason": reason, "seconds": _more(seconds), **NO_LEASE}
            if planned is not None:
                columns |= {"sha256": planned["source"]["sha256"]}
            detail = {"reason": reason} if reason else None
            if not move(connection, job, state, state, attempt=attempt, detail=detail, **columns):
                return False
            if planned is not None:
                _put(connection, job, "planned", planned)
            return True

    def died(self, job: str, attempt: int, reason: str) -> State | None:
        """A worker died by itself: back to wait, or `failed` once that has happened too often; None if outdated."""
        with self._database.write() as connection:
            row = _standing(connection, job)
            if row.attempt != attempt or row.state not in LOST_RUN:
                return None
            deaths = row.deaths + 1
            often = deaths > MAX_REQUEUES
            to: State = "failed" if often else LOST_RUN[row.state]
            words = f"{reason} It was tried {deaths} times." if often else reason
            columns = {"deaths": deaths, "reason": words, **NO_LEASE}
            move(connection, job, to, "worker died", attempt=attempt, detail={"reason": reason}, **columns)
            return to

    def give_back(self, job: str, attempt: int, why: str) -> bool:
        """A run that ended through no fault of the job (the daemon stops): waits again, uncounted."""
        with self._database.write() as connection:
            row = _standing(connection, job)
            to = LOST_RUN.get(row.state)
            return to is not None and move(connection, job, to, why, attempt=attempt, **NO_LEASE)

    # -- results that are owed -------------------------------------------------------------------------------------

    def owed(self, limit: int = 100) -> list[Job]:
        """Ended jobs whose result.json is not written yet, oldest first; those that could not be written come last,
        so that they hold up nobody."""
        stuck = tables.job.c.result_problem.is_not(None)
        return self._jobs(select(*_JOB).where(_OWED).order_by(stuck, tables.job.c.id).limit(limit))

    def result_written(self, job: str, attempt: int) -> None:
        """Nothing is owed any more; unless the job was asked for again meanwhile."""
        ended = (tables.job.c.id == job, tables.job.c.attempt == attempt, tables.job.c.state.in_(FINAL))
        with self._database.write() as connection:
            written = connection.execute(
                update(tables.job).where(*ended).values(result_written=True, result_problem=None)
            )
            if written.rowcount:
                record(connection, job, attempt, "result written")

    def result_failed(self, job: str, attempt: int, problem: str) -> bool:
        """Notes why result.json could not be written; True the first time this problem is met."""
        with self._database.write() as connection:
            same = select(tables.job.c.result_problem).where(tables.job.c.id == job)
            if connection.scalar(same) == problem:
                return False
            connection.execute(
                update(tables.job).where(tables.job.c.id == job).values(result_problem=problem)
            )
            record(connection, job, attempt, "result not written", detail={"reason": problem})
            return True

    def to_cancel(self) -> list[str]:
        """Jobs at work that somebody took back."""
        wanted = (_UNFINISHED, tables.job.c.cancel_asked)
        with self._database.read() as connection:
            return list(connection.scalars(select(tables.job.c.id).where(*wanted)))

    # -- after a kill --------------------------------------------------------------------------------------------

    def orphans(self) -> list[Orphan]:
        """All jobs under a lease. The caller holds the state lock, so whoever leased them is gone."""
        columns = ("id", "state", "attempt", "worker_pid", "worker_started")
        leased = (_UNFINISHED, tables.job.c.owner_pid.is_not(None))
        with self._database.read() as connection:
            rows = connection.execute(select(*(tables.job.c[name] for name in columns)).where(*leased)).all()
        return [Orphan(row.id, row.state, row.attempt, _worker(row)) for row in rows]

    def requeue_orphans(self, orphans: Sequence[Orphan]) -> None:
        """Lets them wait again, uncounted, in one transaction."""
        with self._database.write() as connection:
            for orphan in orphans:
                to = LOST_RUN.get(orphan.state)
                if to is not None:
                    move(connection, orphan.job, to, "orphan requeued", attempt=orphan.attempt, **NO_LEASE)
                else:  # frozen, and killed before rendering began
                    where = tables.job.c.id == orphan.job
                    connection.execute(update(tables.job).where(where).values(**NO_LEASE))
                    record(
                        connection, orphan.job, orphan.attempt, "orphan requeued", orphan.state, orphan.state
                    )

    def unfinished(self) -> bool:
        """True while any job has not ended."""
        with self._database.read() as connection:
            return connection.scalar(select(tables.job.c.id).where(_UNFINISHED).limit(1)) is not None

    def begun(self) -> list[str]:
        """Unfinished jobs that were ever at work: only their folders can hold temporary files."""
        wanted = (_UNFINISHED, tables.job.c.attempt > 0)
        with self._database.read() as connection:
            return list(connection.scalars(select(tables.job.c.id).where(*wanted)))

    def _move(self, job: str, to: State, what: str, attempt: int) -> bool:
        with self._database.write() as connection:
            return move(connection, job, to, what, attempt=attempt)

    def _jobs(self, query: Any) -> list[Job]:
        with self._database.read() as connection:
            return [Job(**row) for row in connection.execute(query).mappings()]


# Spelled like the partial indexes, so that SQLite uses them: the cost does not grow with what has ended.
_ENDED = "state IN ('done','failed','refused','cancelled')"
_UNFINISHED = text(f"NOT {_ENDED}")
_OWED = text(f"{_ENDED} AND NOT result_written")


def _next() -> Any:
    waits = (tables.job.c.state.in_(WAITING), tables.job.c.owner_pid.is_(None), ~tables.job.c.cancel_asked)
    return select(tables.job.c.id).where(_UNFINISHED, *waits).order_by(tables.job.c.id)


def _may_begin(connection: Connection, job: str) -> bool:
    """A turn waits until the turns before it in its conversation are over and kept."""
    columns = (tables.job.c.path, tables.job.c.options)
    row = connection.execute(select(*columns).where(tables.job.c.id == job)).one()
    if asked_for(row.options) is None:
        return True
    before = (tables.job.c.path == row.path, tables.job.c.id < job, or_(_UNFINISHED, _OWED))
    others = connection.scalars(select(tables.job.c.options).where(*before))
    return not any(same_talk(row.options, options) for options in others)


def _standing(connection: Connection, job: str) -> Any:
    columns = (tables.job.c.state, tables.job.c.attempt, tables.job.c.deaths)
    return connection.execute(select(*columns).where(tables.job.c.id == job)).one()


def _more(seconds: float) -> Any:
    return tables.job.c.seconds + seconds


def _read(planned: dict[str, Any], seconds: float) -> dict[str, Any]:
    return {"sha256": planned["source"]["sha256"], "seconds": _more(seconds)}


def _put(connection: Connection, job: str, name: str, content: dict[str, Any]) -> None:
    values = {"job": job, "name": name, "content": content}
    connection.execute(insert(tables.document).values(values).prefix_with("OR REPLACE"))


def _worker(row: Any) -> tuple[int, float] | None:
    return None if row.worker_pid is None else (row.worker_pid, row.worker_started)
