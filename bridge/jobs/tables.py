"""The ledger's tables, schema version 1."""

from __future__ import annotations

from sqlalchemy import DDL, Boolean, Column, Float, Index, Integer, MetaData, Table, Text, event, text

from bridge.store.columns import JsonColumn, PathColumn

VERSION = 1
MIGRATIONS: dict[int, tuple[str, ...]] = {}

metadata = MetaData()

job = Table(
    "job",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("path", PathColumn, nullable=False),
    Column("request", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("options", JsonColumn, nullable=False),
    Column("key", Text),  # of request, kind and options; NULL where rebuilt from a result.json
    Column("sha256", Text),  # of the input, once a worker has read it
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),  # runs begun; the token of compare-and-set
    Column("deaths", Integer, nullable=False, default=0),  # workers that died by themselves on this job
    Column("reason", Text),
    Column("seconds", Float, nullable=False, default=0.0),  # spent by workers
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Column("owner_pid", Integer),  # the lease: which daemon, and since when it lives
    Column("owner_started", Float),
    Column("worker_pid", Integer),
    Column("worker_started", Float),
    Column("cancel_asked", Boolean, nullable=False, default=False),
    Column("result_written", Boolean, nullable=False, default=False),
    Column("result_problem", Text),
)

_FINAL = "state IN ('done','failed','refused','cancelled')"
Index("job_path", job.c.path)
Index("job_sha256", job.c.sha256)
# Partial indexes: looking for work costs the same however long the ledger has become.
Index("job_open", job.c.id, sqlite_where=text(f"NOT {_FINAL}"))
Index("job_owed", job.c.id, sqlite_where=text(f"{_FINAL} AND NOT result_written"))

sighting = Table(  # an input as it lay there: what a rescan asks by
    "sighting",
    metadata,
    Column("path", PathColumn, primary_key=True),
    Column("size", Integer, primary_key=True),
    Column("mtime_ns", Integer, primary_key=True),
    Column("inode", Integer, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("job", Text, nullable=False),
    sqlite_with_rowid=False,
)

client = Table(  # who asked, by the id that they chose
    "client",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("job", Text, nullable=False, index=True),
)

document = Table(  # large JSON, kept out of the rows that are searched: "planned", "refined", "rendered"
    "document",
    metadata,
    Column("job", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", JsonColumn, nullable=False),
)

happening = Table(  # the event log; append-only by trigger
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("job", Text, nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("pid", Integer, nullable=False),
    Column("detail", JsonColumn),
    sqlite_autoincrement=True,
)

for _verb in ("UPDATE", "DELETE"):
    event.listen(
        happening,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER event_no_{_verb.lower()} BEFORE {_verb} ON event "
            f"BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"
        ),
    )
