"""The last step of a job: its verified files get their final names, and the ledger says that it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.jobs.job import Job
from bridge.jobs.ledger import Ledger
from bridge.jobs.outbox import Outbox
from bridge.processes.crash import point


class Outdated(Exception):
    """The ledger has gone on without this run; nothing that it made may count."""


@dataclass(frozen=True)
class Finished:
    """A verified file of a job: where it lies, what it holds, and its final name."""

    temporary: Path
    sha256: str
    name: str


def files_of(planned: dict[str, Any], rendered: dict[str, Any]) -> list[Finished]:
    """Of the ledger's documents: one file, or one for each stem that was rendered and for their mix, or for each side
    of a comparison."""
    parts = rendered.get("parts") or {"": rendered}
    names = planned.get("sides") or planned.get("parts") or {"": planned}
    return [
        Finished(Path(part["output"]), part["sha256"], names[stem]["name"]) for stem, part in parts.items()
    ]


def commit(ledger: Ledger, outbox: Outbox, job: Job, files: Sequence[Finished]) -> None:
    """verifying -> done: the verified files get their final names, then the ledger says so. result.json comes after.

    Safe to repeat: a kill in between leaves `verifying`, and the next start finds the files by their hashes.
    """
    for file in files:
        if not outbox.holds(job.id, file.name, file.sha256):
            outbox.publish(job.id, file.temporary, file.name)
        point("renamed")
    if not ledger.runs.end(job.id, job.attempt, "done"):
        raise Outdated
    point("committed")
