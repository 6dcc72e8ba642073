"""A ledger from its results: what every result.json in the outbox says has ended is never run again."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bridge.files import atomic
from bridge.jobs import tables
from bridge.jobs.ids import is_id
from bridge.jobs.result import RESULT_NAME
from bridge.jobs.states import FINAL
from bridge.store.database import Database

log = logging.getLogger(__name__)


def rebuild(database: Database, outbox: Path) -> int:
    """Enters every ended job that `outbox` tells of; returns how many. What is still unfinished comes by rescan."""
    rows = list(_ended(outbox))
    if not rows:
        return 0
    with database.write() as connection:
        connection.execute(insert(tables.job), rows)
        connection.execute(insert(tables.happening), [_event(row) for row in rows])
    log.warning("The ledger was rebuilt from %d results in %s.", len(rows), outbox)
    return len(rows)


def _ended(outbox: Path) -> Iterator[dict[str, Any]]:
    if not outbox.is_dir():
        return
    for folder in sorted(outbox.iterdir()):
        if not is_id(folder.name):
            continue
        atomic.sweep(folder)
        row = _row(folder)
        if row is not None:
            yield row


def _row(folder: Path) -> dict[str, Any] | None:
    path = folder / RESULT_NAME
    try:
        result = json.loads(path.read_bytes())
        source, when = result["source"], path.stat().st_mtime
        if result["status"] not in FINAL or not isinstance(source["path"], str):
            raise ValueError("no result of a job")
        return {
            "id": folder.name, "kind": "process", "path": source["path"], "request": str(result["request"]),
            "origin": "inbox", "options": {}, "key": None, "sha256": source.get("sha256"),
            "state": result["status"], "attempt": 1, "reason": result.get("reason"),
            "seconds": float(result.get("seconds") or 0.0), "created_at": when, "updated_at": when,
            "result_written": True,
        }  # fmt: skip
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s cannot be read (%s); its job is unknown to the new ledger.", path, error)
        return None


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": row["updated_at"], "job": row["id"], "attempt": 1, "what": "rebuilt", "before": None,
        "after": row["state"], "pid": os.getpid(), "detail": None,
    }  # fmt: skip
