"""Turn: one exchange, as it happened. Turns are only ever added."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bridge.planning.plan import Outcome
from bridge.planning.value import Value


class Turn(Value):
    """words: what was said. outcome: what came of it; its plan, if it is new, is a version of the sound.

    base: the version that was heard when the words were said; None is the one that the turn before left. Two writers
    may speak of the same version: then it gets two children.
    status: as of a job; only what is done makes a version. id: of the job, so that nothing is told twice.
    output, sha256: the rendered file and its content, where one was rendered. ok: whether all checks held.
    said_at: ISO 8601 in UTC.
    """

    words: str
    outcome: Outcome
    base: int | None = Field(default=None, ge=0)
    status: Literal["done", "failed", "refused", "cancelled"] = "done"
    id: str = Field(default="", max_length=200)
    output: str | None = None
    sha256: str | None = None
    ok: bool | None = None
    said_at: str = ""
