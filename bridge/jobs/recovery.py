"""After a kill: leftover workers are ended, half-written files removed; jobs at work wait again or are finished."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import psutil

from bridge.errors import OutputFailed
from bridge.jobs.commit import Finished, commit, files_of
from bridge.jobs.ledger import Ledger
from bridge.jobs.outbox import Outbox
from bridge.jobs.runs import Orphan
from bridge.rendering import SPOOL_PREFIX

log = logging.getLogger(__name__)

_ENDING_S = 5.0


def recover(ledger: Ledger, outbox: Outbox, spool: Path) -> list[Orphan]:
    """Called by the holder of the state lock before anything is claimed.

    Returns the jobs whose file was verified when the kill came: `finish` renames it, or lets them wait again.
    """
    orphans = ledger.runs.orphans()
    for orphan in orphans:
        if orphan.worker is not None:
            _end_worker(*orphan.worker)
    _empty(spool)
    verified = [orphan for orphan in orphans if orphan.state == "verifying"]
    kept = {orphan.job for orphan in verified}
    for job in ledger.runs.begun():
        if job not in kept:
            _sweep(outbox, job)
    ledger.runs.requeue_orphans([orphan for orphan in orphans if orphan.job not in kept])
    if orphans:
        log.warning("%d jobs were at work when dawbridge was killed; they go on.", len(orphans))
    return verified


def finish(ledger: Ledger, outbox: Outbox, orphan: Orphan) -> None:
    """Verified files that are still there, under their temporary or final names, are not rendered again."""
    job = ledger.get(orphan.job)
    planned, rendered = ledger.document(orphan.job, "planned"), ledger.document(orphan.job, "rendered")
    assert job is not None and planned is not None and rendered is not None
    files = files_of(planned, rendered)
    try:
        if all(_is_there(outbox, job.id, file) for file in files):
            commit(ledger, outbox, replace(job, attempt=orphan.attempt), files)
        else:
            outbox.sweep(job.id)
            ledger.runs.requeue_orphans([orphan])
    except OutputFailed as error:
        ledger.runs.end(job.id, orphan.attempt, "failed", reason=error.message)


def _is_there(outbox: Outbox, job: str, file: Finished) -> bool:
    return outbox.holds(job, file.name, file.sha256) or outbox.complete(file.temporary, file.sha256)


def _sweep(outbox: Outbox, job: str) -> None:
    try:
        outbox.sweep(job)
    except OutputFailed as error:
        log.warning("%s", error)


def _end_worker(pid: int, started: float) -> None:
    """A worker of the killed daemon that is still there; known by its start time, so that no other is hit."""
    try:
        process = psutil.Process(pid)
        if abs(process.create_time() - started) < 0.1:
            process.kill()
            process.wait(_ENDING_S)
    except (psutil.Error, OSError):  # gone meanwhile, or not ours
        return


def _empty(spool: Path) -> None:
    """Takes away what a killed worker left; a file of any other name is somebody else's and stays."""
    spool.mkdir(parents=True, exist_ok=True)
    for left in spool.glob(f"{SPOOL_PREFIX}*"):
        if left.is_file():
            left.unlink(missing_ok=True)
