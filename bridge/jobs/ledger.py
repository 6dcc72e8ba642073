"""The ledger: every job that was accepted, how it stands, and all that happened to it. Survives a kill at any instant.

All methods may be called from any thread; each that writes is one synced transaction (a few milliseconds), so an
event loop calls them through `asyncio.to_thread`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, Self

from sqlalchemy import Connection, bindparam, func, select, update

from bridge.errors import BadRequest
from bridge.jobs import admission, tables
from bridge.jobs.admission import ANEW
from bridge.jobs.job import Added, FileStamp, Job, NewJob
from bridge.jobs.moves import has_plan, move, record
from bridge.jobs.rebuild import rebuild
from bridge.jobs.runs import Runs
from bridge.jobs.states import FINAL, State
from bridge.store.database import Database, open_database
from bridge.store.lock import StateLock

LEDGER_NAME = "ledger.db"
_CHUNK = 400  # paths looked up with one statement

_JOB = [tables.job.c[item.name] for item in fields(Job)]
DocumentName = Literal["planned", "refined", "rendered"]
CANCELLED = "Cancelled by the user."


class Ledger:
    def __init__(self, database: Database, lock: StateLock | None) -> None:
        self._database = database
        self._lock = lock
        self.runs = Runs(database)
        """The dispatcher's side: claiming, freezing, ending."""

    @classmethod
    def open(cls, state: Path, outbox: Path | None = None, *, owner: bool = True) -> Self:
        """The ledger of a state folder.

        owner: the daemon: takes the folder's lock (Unavailable, naming the pid, where another has it) and may rebuild
        the ledger from the result.json files in `outbox`. Others (`dawbridge jobs`) read, cancel and retry beside it;
        Unavailable where there is no ledger yet.
        """
        if not owner:
            return cls(open_database(state / LEDGER_NAME, tables.metadata, tables.VERSION, owner=False), None)
        lock = StateLock(state).acquire()
        try:
            database = open_database(state / LEDGER_NAME, tables.metadata, tables.VERSION, tables.MIGRATIONS)
            if outbox is not None and _is_empty(database):  # new, lost, or killed before it was rebuilt
                rebuild(database, outbox)
        except BaseException:
            lock.release()
            raise
        return cls(database, lock)

    def close(self) -> None:
        self._database.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def set_aside(self) -> Path | None:
        """Where a damaged or newer ledger was moved to when this one was opened; people should hear of it."""
        return self._database.set_aside

    # -- coming in ---------------------------------------------------------------------------------------------

    def add(self, jobs: Sequence[NewJob]) -> list[Added]:
        """Enters all of `jobs` in one transaction; answers in their order. Wake the dispatcher afterwards.

        Costs a look-up for what is known by its stamp; a known path with a new stamp is read once (sha256).
        """
        wishes = admission.prepare(jobs)
        with self._database.read() as connection:
            unsure = admission.needing_a_hash(connection, wishes)
        for wish in unsure:
            admission.hashed(wish)
        with self._database.write() as connection:
            return admission.admit(connection, wishes)

    # -- looking -----------------------------------------------------------------------------------------------

    def get(self, job: str) -> Job | None:
        return next(iter(self._jobs(tables.job.c.id == job)), None)

    def by_client(self, client_id: str) -> Job | None:
        """The job that a client's id led to."""
        asked = select(tables.client.c.job).where(tables.client.c.client_id == client_id)
        return next(iter(self._jobs(tables.job.c.id == asked.scalar_subquery())), None)

    def of_path(self, path: str) -> list[Job]:
        """All jobs for a file, oldest first."""
        return sorted(self._jobs(tables.job.c.path == path), key=lambda job: job.id)

    def processed(self, files: Iterable[tuple[str, FileStamp]]) -> set[tuple[str, FileStamp]]:
        """Those of the files (path, stamp) that some job processes or has processed, whatever its words."""
        wanted = list(files)
        seen = tables.sighting
        query = (
            select(seen.c.path, seen.c.size, seen.c.mtime_ns, seen.c.inode)
            .join(tables.job, tables.job.c.id == seen.c.job)
            .where(seen.c.path.in_(bindparam("paths", expanding=True)), tables.job.c.kind == "process")
        )
        found: set[tuple[str, FileStamp]] = set()
        with self._database.read() as connection:
            for start in range(0, len(wanted), _CHUNK):
                paths = [path for path, _ in wanted[start : start + _CHUNK]]
                rows = connection.execute(query, {"paths": paths})
                found.update((row.path, FileStamp(row.size, row.mtime_ns, row.inode)) for row in rows)
        return found.intersection(wanted)

    def page(self, states: Iterable[State] = (), *, limit: int = 100, before: str | None = None) -> list[Job]:
        """Newest first; `before` is the last id of the page before."""
        wanted = tuple(states)
        conditions: list[Any] = [tables.job.c.state.in_(wanted)] if wanted else []
        if before is not None:
            conditions.append(tables.job.c.id < before)
        return self._jobs(*conditions, limit=limit)

    def counts(self) -> dict[State, int]:
        """Jobs by state; states without any are left out."""
        with self._database.read() as connection:
            rows = connection.execute(select(tables.job.c.state, func.count()).group_by(tables.job.c.state))
            return {row[0]: int(row[1]) for row in rows}

    def clients(self, job: str) -> list[str]:
        """The ids under which clients asked for a job."""
        with self._database.read() as connection:
            asked = select(tables.client.c.client_id).where(tables.client.c.job == job)
            return [str(item) for item in connection.scalars(asked)]

    def document(self, job: str, name: DocumentName) -> Any:
        """The frozen plan ("planned") or what was rendered ("rendered") as JSON; None where there is none yet."""
        table = tables.document
        with self._database.read() as connection:
            return connection.scalar(select(table.c.content).where(table.c.job == job, table.c.name == name))

    def events(self, job: str | None = None) -> list[dict[str, Any]]:
        """The event log, oldest first: seq, at, job, attempt, what, before, after, pid, detail."""
        table = tables.happening
        query = select(table).order_by(table.c.seq)
        with self._database.read() as connection:
            rows = connection.execute(query if job is None else query.where(table.c.job == job))
            return [dict(row) for row in rows.mappings()]

    def _jobs(self, *conditions: Any, limit: int | None = None) -> list[Job]:
        query = select(*_JOB).where(*conditions).order_by(tables.job.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [Job(**row) for row in connection.execute(query).mappings()]

    # -- asked by people -----------------------------------------------------------------------------------------

    def cancel(self, job: str) -> Job:
        """Takes a job back. One that waits is cancelled now; one at work is marked, and its dispatcher ends it.

        Raises BadRequest for an unknown job or one that has ended.
        """
        with self._database.write() as connection:
            row = self._row(connection, job)
            if row.state in FINAL:
                raise BadRequest(f"Job {job} has already ended: {row.state}.")
            if row.owner_pid is not None:
                connection.execute(update(tables.job).where(tables.job.c.id == job).values(cancel_asked=True))
                record(connection, job, row.attempt, "cancel asked", row.state, row.state)
            else:
                move(connection, job, "cancelled", "cancelled", reason=CANCELLED)
        return self._found(job)

    def retry(self, job: str) -> Job:
        """Runs a failed, refused or cancelled job again, under its old id; a frozen plan is kept.

        Raises BadRequest for an unknown job or one that has nothing to retry.
        """
        with self._database.write() as connection:
            row = self._row(connection, job)
            planned = row.state != "refused" and has_plan(connection, job)
            if not move(connection, job, "planned" if planned else "queued", "retried", **ANEW):
                raise BadRequest(
                    f"Job {job} is {row.state}; only failed, refused and cancelled jobs can be retried."
                )
        return self._found(job)

    def _row(self, connection: Connection, job: str) -> Any:
        columns = (tables.job.c.state, tables.job.c.attempt, tables.job.c.owner_pid)
        row = connection.execute(select(*columns).where(tables.job.c.id == job)).one_or_none()
        if row is None:
            raise BadRequest(f"There is no job {job}; dawbridge jobs lists them.")
        return row

    def _found(self, job: str) -> Job:
        found = self.get(job)
        assert found is not None, job
        return found


def _is_empty(database: Database) -> bool:
    with database.read() as connection:
        return connection.scalar(select(tables.job.c.id).limit(1)) is None
