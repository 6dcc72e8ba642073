"""The ledger's values: what is asked (NewJob), what became of the asking (Added), how a job stands (Job, JobEvent)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from bridge.jobs.spec import Kind, Status
from bridge.jobs.states import FINAL, State

Origin = Literal["inbox", "osc", "cli"]

MAX_REQUEST_CHARACTERS: Final = 10_000


@dataclass(frozen=True)
class FileStamp:
    """A file as a look at its folder shows it; equal stamps are taken for the same content without reading it."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, stat: os.stat_result) -> FileStamp:
        # SQLite's integers are signed; Windows' file ids may fill all 64 bits.
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ino & (2**63 - 1))

    @classmethod
    def at(cls, path: str) -> FileStamp | None:
        """None where there is nothing at `path`. Links are not followed."""
        try:
            return cls.of(os.lstat(path))
        except (OSError, ValueError):
            return None


@dataclass(frozen=True)
class NewJob:
    """What is asked for.

    path: absolute. request: plain words. client_id: chosen by who asks; the same id never makes a second job.
    options: `target`, `references`, `match`, `stems`, `starts`, `planner`, `tail`, `missing_plugin`, `refine`,
        `impulse`, `album`, `plan` (a plan as JSON: nothing is planned then), `session` (the job is a turn of a
        conversation: see `talk`), and what else the origin wants to find again (`daw`); all of it is part of the job's
        identity.
    stamp: as it was seen; None looks itself.
    refused: a sentence; the job is entered as refused and ends in a result.json with this reason.
    """

    path: str
    request: str
    origin: Origin = "cli"
    client_id: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind = "process"
    stamp: FileStamp | None = None
    refused: str | None = None

    @property
    def key(self) -> str:
        """Equal for the same wish: words, kind and options."""
        given = {name: value for name, value in self.options.items() if value not in (None, (), [], {})}
        content = json.dumps([self.request, self.kind, given], sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Added:
    """status "duplicate": `job` was there before; its result, if there is one, is the answer.

    An explicit asking (with a client_id) for a job that failed or was cancelled runs that job again: "accepted".
    """

    job: str
    status: Literal["accepted", "duplicate"]


@dataclass(frozen=True)
class Job:
    """One row of the ledger. attempt: runs begun. deaths: workers that died by themselves on it. at: seconds (Unix)."""

    id: str
    kind: Kind
    path: str
    request: str
    origin: Origin
    options: Mapping[str, Any]
    state: State
    attempt: int
    deaths: int
    reason: str | None
    sha256: str | None
    seconds: float
    created_at: float
    updated_at: float
    cancel_asked: bool
    result_written: bool
    result_problem: str | None

    @property
    def final(self) -> bool:
        return self.state in FINAL


@dataclass(frozen=True)
class JobEvent:
    """What listeners hear; one for each client that asked for the job, or one with client_id None.

    kind: "started" (a worker has it), "progress", "requeued" (a worker died; it runs again), "finished".
    fraction: 0..1 of the whole job. stage: "plan", "render", "verify", and on "finished" the status.
    result_path: on "finished", of result.json; None where it could not be written yet (`reason` says why).
    """

    job: str
    client_id: str | None
    kind: Literal["started", "progress", "requeued", "finished"]
    fraction: float
    stage: str
    result_path: str | None = None
    status: Status | None = None
    reason: str | None = None

    def for_client(self, client_id: str | None) -> JobEvent:
        return replace(self, client_id=client_id)
