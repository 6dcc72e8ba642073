"""A ledger in a folder of its own, and a file to ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.jobs import Ledger


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "state", tmp_path / "outbox") as ledger:
        yield ledger


@pytest.fixture
def stem(tmp_path) -> Path:
    path = tmp_path / "vocal.wav"
    path.write_bytes(b"sound")
    return path
