"""A REAPER, a mailbox that answers as told, and short sounds."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.daws.reaper.playing import Reaper

RATE = 48_000


@pytest.fixture
def sound(tmp_path: Path):
    """Writes a tone: sound("vocal", 2.0) -> its path."""

    def made(name: str, seconds: float = 1.0, hertz: float = 220.0, folder: Path = tmp_path) -> Path:
        at = np.arange(int(seconds * RATE)) / RATE
        path = folder / f"{name}.wav"
        soundfile.write(path, 0.25 * np.sin(2 * np.pi * hertz * at), RATE, subtype="PCM_24")
        return path

    return made


class Bridge:
    """The other side of the mailbox, by hand: what the scripts wrote, and answers to it."""

    def __init__(self, state: Path) -> None:
        self.folder = state / "mailbox"
        for name in ("requests", "replies", "sounds"):
            (self.folder / name).mkdir(parents=True)
        self.beat()

    def beat(self, at: float | None = None, protocol: int = 1, pid: int = 1) -> None:
        told = {
            "protocol": protocol,
            "pid": pid,
            "version": "1",
            "at": int(time.time() if at is None else at),
        }
        (self.folder / "heartbeat.json").write_text(json.dumps(told))

    @property
    def requests(self) -> list[dict[str, Any]]:
        paths = sorted((self.folder / "requests").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return [json.loads(path.read_text()) for path in paths]

    def taken(self) -> dict[str, Any]:
        """The one request that lies there, taken away."""
        (request,) = self.requests
        (self.folder / "requests" / f"{request['id']}.json").unlink()
        return request

    def answer(self, id: str, number: int, content: dict[str, Any] | str) -> None:
        text = content if isinstance(content, str) else json.dumps({"id": id, **content})
        (self.folder / "replies" / f"{id}.{number}.json").write_text(text)

    def done(self, id: str, result: dict[str, Any], number: int = 1) -> None:
        path = self.folder.parent / f"{id}.result.json"
        path.write_text(json.dumps({"status": "done", **result}))
        self.answer(id, number, {"message": "result", "status": "done", "path_of_result_json": str(path)})


@pytest.fixture
def bridge(tmp_path: Path) -> Bridge:
    return Bridge(tmp_path / "state")


@pytest.fixture
def reaper(tmp_path: Path, bridge: Bridge) -> Iterator[Reaper]:
    (tmp_path / "project").mkdir()
    with Reaper(tmp_path / "state", tmp_path / "project") as running:
        yield running
        running.do("return 0")
        assert running.state["depth"] == 0, "an undo block stayed open"
        assert running.state["refresh"] == 0, "the screen stayed frozen"
