"""Turns of a conversation as jobs, for a desk with the real worker."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from bridge.bootstrap.worker import worker_setup
from bridge.config import Settings
from bridge.jobs.dispatcher import WorkerSetup
from tests.jobs.desk import Desk

_NUMBERS = itertools.count()


def real(home: Path, workers: int = 1) -> WorkerSetup:
    """The real planner and renderer over this home."""
    return worker_setup(
        Settings(
            inbox=home / "inbox", outbox=home / "outbox", state=home / "state", workers=workers, roots=(home,)
        )
    )


def options(name: str = "", **more: Any) -> dict[str, Any]:
    return {"session": {"name": name, "turn": str(next(_NUMBERS))}, **more}


def turn(desk: Desk, path: Path, words: str, name: str = "", **more: Any) -> dict[str, Any]:
    """The result of one turn."""
    return desk.run(path, words, options=options(name, **more))
