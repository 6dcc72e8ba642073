"""Who comes into the ledger: a batch of wishes held against what is there, in one transaction.

The same wish for the same file is known by three marks, the cheapest first: the client's id; the file's stamp
(path, size, mtime, inode) with the wish's key; the content's hash, read only where a known path shows a new stamp
of the same size (a touched file, a share that was mounted again).
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from bridge.jobs import tables
from bridge.jobs.ids import new_ids
from bridge.jobs.job import MAX_REQUEST_CHARACTERS, Added, FileStamp, NewJob
from bridge.jobs.moves import has_plan, move
from bridge.jobs.states import State
from bridge.jobs.wish_key import wish_key

_CHUNK = 400
ANEW: dict[str, Any] = {
    "deaths": 0, "reason": None, "cancel_asked": False, "result_written": False, "result_problem": None,
}  # fmt: skip
"""Columns of a job that is to be run again although it had ended."""

_NOTHING_THERE = FileStamp(-1, 0, 0)


@dataclass
class Wish:
    """A NewJob with what was looked up of its file outside of the transaction."""

    new: NewJob
    stamp: FileStamp
    key: str
    sha256: str | None = None


@dataclass
class _Known:
    """What the ledger holds about the paths and ids of a batch."""

    clients: dict[str, str] = field(default_factory=dict)
    sightings: dict[tuple[str, FileStamp, str], str] = field(default_factory=dict)
    by_path: dict[str, list[Any]] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)


def prepare(news: Sequence[NewJob]) -> list[Wish]:
    """Stamps and keys; words beyond the limit become a refusal."""
    wishes = []
    for new in news:
        checked = _within_limits(new)
        stamp = new.stamp or FileStamp.at(new.path) or _NOTHING_THERE
        wishes.append(Wish(checked, stamp, wish_key(new)))
    return wishes


def _within_limits(new: NewJob) -> NewJob:
    if len(new.request) <= MAX_REQUEST_CHARACTERS:
        return new
    sentence = (
        f"The request for {Path(new.path).name} has {len(new.request)} characters; "
        f"at most {MAX_REQUEST_CHARACTERS} are read. Say it shorter."
    )
    return replace(new, request=new.request[:200] + " …", refused=new.refused or sentence)


def needing_a_hash(connection: Connection, wishes: Sequence[Wish]) -> list[Wish]:
    """The wishes whose file must be read to be told from a known one."""
    known = _look_up(connection, wishes)
    return [wish for wish in wishes if _must_be_read(wish, known)]


def _must_be_read(wish: Wish, known: _Known) -> bool:
    if wish.new.client_id in known.clients or (wish.new.path, wish.stamp, wish.key) in known.sightings:
        return False
    return any(row.sha256 and _same_wish(wish, row) for row in known.by_path.get(wish.new.path, ()))


def _same_wish(wish: Wish, row: Any) -> bool:
    # A row rebuilt from a result.json knows the words but not the options.
    return bool(row.key == wish.key or (row.key is None and row.request == wish.new.request))


def hashed(wish: Wish) -> None:
    """Reads the file. One that cannot be read stays without a hash; the worker will say why."""
    try:
        descriptor = os.open(
            wish.new.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        )
        with os.fdopen(descriptor, "rb") as file:
            wish.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        wish.sha256 = None


def admit(connection: Connection, wishes: Sequence[Wish]) -> list[Added]:
    """Enters what is new; answers in the order of the wishes."""
    known = _look_up(connection, wishes)
    batch = _Batch(connection, known, len(wishes))
    answers = [batch.take(wish) for wish in wishes]
    batch.write()
    return answers


class _Batch:
    """Rows gathered, written with one statement a table."""

    def __init__(self, connection: Connection, known: _Known, size: int) -> None:
        self._connection = connection
        self._known = known
        last = connection.scalar(select(func.max(tables.job.c.id)))
        self._ids = iter(new_ids(size, last))
        self._now = time.time()
        self._jobs: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self._sightings: dict[tuple[str, FileStamp, str], str] = {}
        self._clients: dict[str, str] = {}
        self._amended: list[dict[str, Any]] = []

    def take(self, wish: Wish) -> Added:
        client = wish.new.client_id
        if client is not None and client in self._known.clients:
            return Added(self._known.clients[client], "duplicate")
        job = self._find(wish)
        status = self._again_or_duplicate(job, wish) if job else "accepted"
        if job is None:
            job = self._amend(wish) or self._enter(wish)
        self._remember(wish, job)
        return Added(job, "duplicate" if status == "duplicate" else "accepted")

    def _find(self, wish: Wish) -> str | None:
        seen = self._known.sightings.get((wish.new.path, wish.stamp, wish.key))
        if seen:
            return seen
        same = (row for row in self._known.by_path.get(wish.new.path, ()) if _same_wish(wish, row))
        return next((str(row.id) for row in same if self._same_file(wish, row)), None)

    def _same_file(self, wish: Wish, row: Any) -> bool:
        if row.sha256 is not None:
            return bool(row.sha256 == wish.sha256)
        if row.state == "queued":
            return True  # not read yet: it will be run on what lies there now
        # Refused before it could be read: a file older than the verdict is the one that was judged.
        return bool(row.key is None and wish.stamp.mtime_ns <= row.updated_at * 1e9)

    def _again_or_duplicate(self, job: str, wish: Wish) -> str:
        """An explicit asking for what failed runs the same job again; a rescan does not."""
        row = self._known.rows.get(job)
        if (
            wish.new.client_id is None
            or wish.new.refused
            or row is None
            or row.state not in ("failed", "cancelled")
        ):
            return "duplicate"
        state: State = "planned" if has_plan(self._connection, job) else "queued"
        move(self._connection, job, state, "asked again", **ANEW)
        self._known.rows.pop(job)
        return "accepted"

    def _amend(self, wish: Wish) -> str | None:
        """A sidecar that comes before its file has started changes that file's job instead of making a second."""
        if wish.new.origin != "inbox" or wish.new.client_id is not None or wish.new.refused:
            return None
        rows = self._known.by_path.get(wish.new.path, ())
        waiting = [
            row for row in rows if row.state == "queued" and row.origin == "inbox" and row.attempt == 0
        ]
        if len(waiting) != 1 or not self._lies_there_as(waiting[0].id, wish):
            return None
        new = wish.new
        self._amended.append(
            {"of": waiting[0].id, "words": new.request, "wish": dict(new.options), "kinds": new.kind,
             "keys": wish.key, "at": self._now}
        )  # fmt: skip
        self._event(waiting[0].id, 0, "amended", "queued", "queued", {"request": new.request})
        return str(waiting[0].id)

    def _lies_there_as(self, job: str, wish: Wish) -> bool:
        stamps = (
            seen
            for (path, seen, _), of in self._known.sightings.items()
            if of == job and path == wish.new.path
        )
        return any(seen == wish.stamp for seen in stamps)

    def _enter(self, wish: Wish) -> str:
        job, new = next(self._ids), wish.new
        state = "refused" if new.refused else "queued"
        self._jobs.append(
            {"id": job, "kind": new.kind, "path": new.path, "request": new.request, "origin": new.origin,
             "options": dict(new.options), "key": wish.key, "state": state, "reason": new.refused,
             "created_at": self._now, "updated_at": self._now}
        )  # fmt: skip
        self._event(job, 0, "added", None, state, {"client": new.client_id} if new.client_id else None)
        return job

    def _remember(self, wish: Wish, job: str) -> None:
        mark = (wish.new.path, wish.stamp, wish.key)
        if mark not in self._known.sightings:
            self._known.sightings[mark] = self._sightings[mark] = job
        if wish.new.client_id is not None:
            self._known.clients[wish.new.client_id] = self._clients[wish.new.client_id] = job

    def _event(
        self, job: str, attempt: int, what: str, before: str | None, after: str, detail: Any = None
    ) -> None:
        self._events.append(
            {"at": self._now, "job": job, "attempt": attempt, "what": what, "before": before, "after": after,
             "pid": os.getpid(), "detail": detail}
        )  # fmt: skip

    def write(self) -> None:
        marks = [
            {
                "path": path,
                "size": seen.size,
                "mtime_ns": seen.mtime_ns,
                "inode": seen.inode,
                "key": key,
                "job": job,
            }
            for (path, seen, key), job in self._sightings.items()
        ]
        clients = [{"client_id": client, "job": job} for client, job in self._clients.items()]
        for statement, rows in (
            (insert(tables.job), self._jobs),
            (insert(tables.sighting), marks),
            (insert(tables.client), clients),
            (_changed_wish(), self._amended),
            (insert(tables.happening), self._events),
        ):
            if rows:
                self._connection.execute(statement, rows)


def _changed_wish() -> Any:
    return (
        update(tables.job)
        .where(tables.job.c.id == bindparam("of"))
        .values(
            request=bindparam("words"), options=bindparam("wish"), kind=bindparam("kinds"), key=bindparam("keys"),
            updated_at=bindparam("at"),
        )
    )  # fmt: skip


def _look_up(connection: Connection, wishes: Sequence[Wish]) -> _Known:
    known = _Known()
    paths = list(dict.fromkeys(wish.new.path for wish in wishes))
    for part in _chunks(paths):
        seen = select(tables.sighting).where(tables.sighting.c.path.in_(part))
        for row in connection.execute(seen):
            known.sightings[(row.path, FileStamp(row.size, row.mtime_ns, row.inode), row.key)] = row.job
        for row in connection.execute(
            select(*_ROW).where(tables.job.c.path.in_(part)).order_by(tables.job.c.id)
        ):
            known.by_path.setdefault(row.path, []).append(row)
            known.rows[row.id] = row
    for part in _chunks([wish.new.client_id for wish in wishes if wish.new.client_id is not None]):
        asked = select(tables.client).where(tables.client.c.client_id.in_(part))
        known.clients.update({row.client_id: row.job for row in connection.execute(asked)})
    return known


_ROW = [
    tables.job.c[name]
    for name in ("id", "path", "request", "origin", "key", "sha256", "state", "attempt", "updated_at")
]


def _chunks(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
