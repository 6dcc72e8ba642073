"""JobSpec, JobResult: what crosses to a worker process and back. Plain JSON, paths absolute.

`run_job(spec) -> JobResult` is a pure function of files and values, the same on a local worker and on a cluster;
the ledger, not the engine, owns retries and the final commit.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bridge.planning.plan import Outcome, Plan
from bridge.rendering.check import Check

Status = Literal["done", "failed", "refused", "cancelled"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Value):
    """The input as it was when the job was planned; rendering refuses a file that has changed since."""

    path: str
    sha256: str
    rate: int
    channels: int
    frames: int
    format: str


class JobSpec(_Value):
    """phase "plan": measure `path` and plan `request`. phase "render": render `plan` into `output`.

    output: a temporary name in the folder of the final one; the ledger's owner renames it.
    """

    job: str
    attempt: int
    phase: Literal["plan", "render"]
    path: str
    request: str = ""
    target: str | None = None
    references: tuple[str, ...] = ()
    stems: dict[str, str] = {}
    planner: Literal["offline", "model"] | None = None
    plan: Plan | None = None
    source: Source | None = None
    output: str | None = None


class Planned(_Value):
    """Answer of phase "plan": frozen in the ledger before anything is rendered."""

    source: Source
    outcome: Outcome
    before: dict[str, Any]


class Rendered(_Value):
    """Answer of phase "render": the temporary file is complete, synced, reopened and measured.

    sha256: of the temporary file, so that the commit can tell that it is the one that was verified.
    """

    output: str
    sha256: str
    after: dict[str, Any]
    checks: tuple[Check, ...]
    warnings: tuple[str, ...] = ()
    seconds: float
