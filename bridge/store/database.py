"""Opening the database: WAL, synced, versioned; a damaged or newer one is set aside, never overwritten."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DatabaseError

from bridge.errors import Unavailable

log = logging.getLogger(__name__)

BUSY_TIMEOUT_S = 10.0
# A whole check of a large database would break "serving again within 2 s"; SQLite still finds damage as it meets it.
FULL_CHECK_BELOW_BYTES = 32 << 20


class StoreFailed(Unavailable):
    """The database could not be read or written just now; nothing of the transaction happened."""


class Database:
    """An SQLite file in WAL mode with `synchronous=FULL`: what `write` has returned from survives a power cut.

    set_aside: where an unusable predecessor was moved to, or None.
    fresh: True where the tables were made just now.
    """

    def __init__(self, path: Path, engine: Engine, *, fresh: bool, set_aside: Path | None = None) -> None:
        self.path = path
        self.fresh = fresh
        self.set_aside = set_aside
        self._writing = engine
        self._reading = engine.execution_options(bridge_reads=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, begun IMMEDIATE so that it cannot fail half-way for want of the write lock."""
        with _translated(self.path), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view that keeps no writer waiting."""
        with _translated(self.path), self._reading.begin() as connection:
            yield connection

    def close(self) -> None:
        self._writing.dispose()


def open_database(
    path: Path,
    metadata: MetaData,
    version: int,
    migrations: Mapping[int, Sequence[str]] | None = None,
    *,
    owner: bool = True,
) -> Database:
    """The database at `path` with the tables of `metadata`.

    migrations: statements that bring version n - 1 to n, by n.
    owner: the holder of the state lock; only it makes tables, migrates and sets an unusable file aside. Others get
    Unavailable where the file is missing or unusable.
    """
    if not owner:
        return _open_as_guest(path, version)
    path.parent.mkdir(parents=True, exist_ok=True)
    reason = _unusable(path, version)
    set_aside = _set_aside(path, reason) if reason else None
    fresh = not path.exists()
    if fresh:
        path.touch(0o600)
    engine = _engine(path)
    database = Database(path, engine, fresh=fresh, set_aside=set_aside)
    _bring_up_to_date(database, metadata, version, migrations or {})
    return database


def _open_as_guest(path: Path, version: int) -> Database:
    reason = _unusable(path, version) if path.exists() else "it does not exist yet"
    if reason:
        raise Unavailable(
            f"The ledger {path} cannot be read: {reason}. Start the daemon once (dawbridge serve)."
        )
    return Database(path, _engine(path), fresh=False)


def _unusable(path: Path, version: int) -> str | None:
    """Why the file cannot be used, or None."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        return _examined(path, version)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Unavailable(f"The ledger {path} is locked by another program ({error}).") from error
        return f"it cannot be opened ({error})"
    except sqlite3.DatabaseError as error:
        return f"it is damaged ({error})"


def _examined(path: Path, version: int) -> str | None:
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)
    try:
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if found > version:
            return f"it was written by a newer dawbridge (schema {found}, this one knows {version})"
        if path.stat().st_size < FULL_CHECK_BELOW_BYTES:
            verdict = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            if verdict != "ok":
                return f"it is damaged ({verdict})"
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return None
    finally:
        connection.close()


def _set_aside(path: Path, reason: str) -> Path:
    """Moves the file and its WAL away under a name that says when; returns the new path."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.set-aside-{stamp}-{os.getpid()}")
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    log.error("The ledger %s was set aside as %s because %s; it is rebuilt.", path, aside.name, reason)
    return aside


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_TIMEOUT_S})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("bridge_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _bring_up_to_date(
    database: Database, metadata: MetaData, version: int, migrations: Mapping[int, Sequence[str]]
) -> None:
    with database.write() as connection:
        found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if found == version:
            return
        for step in range(found + 1, version + 1) if found else ():
            for statement in migrations.get(step, ()):
                connection.exec_driver_sql(statement)
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version={version}")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise _in_our_words(path, str(error.orig)) from error


def _in_our_words(path: Path, text: str) -> StoreFailed:
    remedy = next((remedy for mark, remedy in _REMEDIES.items() if mark in text), _REMEDIES[""])
    return StoreFailed(f"The ledger {path} failed: {text}. {remedy}")


_REMEDIES = {
    "full": "Free some space on that disk.",
    "readonly": "Check the permissions of its folder.",
    "unable to open": "Check the permissions of its folder.",
    "locked": "Another program holds it; close that one.",
    "": "Restart the daemon; it rebuilds a damaged ledger.",
}
