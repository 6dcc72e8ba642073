"""A ledger in a folder of its own, a file to ask for, and the ports that a worker is given in a daemon's home."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.bootstrap.worker import open_settings, ports
from bridge.config import Settings
from bridge.jobs import Ledger
from bridge.jobs.run import Ports


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "state", tmp_path / "outbox") as ledger:
        yield ledger


@pytest.fixture
def stem(tmp_path) -> Path:
    path = tmp_path / "vocal.wav"
    path.write_bytes(b"sound")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("inbox", "outbox", "state"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def wired(home: Path) -> Ports:
    """The real planner and renderer, with settings as they cross the pipe."""
    settings = Settings(inbox=home / "inbox", outbox=home / "outbox", state=home / "state")
    return ports(json.loads(json.dumps(open_settings(settings))), home / "state")
