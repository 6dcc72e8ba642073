"""The mailbox as a script without sockets uses it: files in, files out, nothing lost, doubled or trusted."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import BadRequest
from bridge.mailbox.box import Mailbox
from bridge.osc.messages import Ack, Message, Ping, Process
from bridge.osc.peers import Peer


class Bridge:
    """Counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Message] = []

    async def process(self, asked: Process, peer: Peer) -> Iterable[Message]:
        if asked.words == "refuse":
            raise BadRequest("no such thing")
        if asked.words == "break":
            raise RuntimeError("inside")
        self.asked.append(asked)
        return (Ack(asked.id, "accepted", "job"),)

    async def ping(self, asked: Ping, peer: Peer) -> Iterable[Message]:
        self.asked.append(asked)
        return (Ack(asked.id, "accepted", ""),)


@pytest.fixture
def bridge() -> Bridge:
    return Bridge()


@pytest.fixture
def box(tmp_path: Path, bridge: Bridge) -> Mailbox:
    return Mailbox(tmp_path, {Process: bridge.process, Ping: bridge.ping}, "1.0")


def ask(folder: Path, id: str, **fields: Any) -> Path:
    """As a script does: under another name first."""
    path = folder / "requests" / f"{id}.json"
    fresh = path.with_suffix(".tmp")
    fresh.write_text(
        json.dumps({"message": "process", "id": id, "path": "/in/a.wav", "words": "warmer", **fields})
    )
    fresh.rename(path)
    return path


def replies(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.name: json.loads(path.read_text()) for path in sorted((folder / "replies").glob("*.json"))}


async def while_it_runs(box: Mailbox, done: Any, patience_s: float = 20.0) -> None:
    running = asyncio.create_task(box.run())
    deadline = time.monotonic() + patience_s
    while not done() and time.monotonic() < deadline and not running.done():
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert done()


def test_a_request_is_answered_and_taken_away(box, bridge, tmp_path):
    path = ask(tmp_path, "r1", options_json={"target": "podcast"})
    asyncio.run(while_it_runs(box, lambda: not path.exists()))
    assert bridge.asked == [Process("r1", "/in/a.wav", "warmer", '{"target": "podcast"}')]
    assert replies(tmp_path) == {
        "r1.1.json": {"message": "ack", "id": "r1", "verdict": "accepted", "reason": "job"}
    }


def test_answers_count_on_also_after_a_restart(box, bridge, tmp_path):
    box.post(Ack("r1", "accepted", "a"))
    box.post(Ack("r1", "accepted", "b"))
    again = Mailbox(tmp_path, {}, "1.0")
    again.post(Ack("r1", "accepted", "c"))
    assert [each["reason"] for each in replies(tmp_path).values()] == ["a", "b", "c"]


def test_the_heartbeat_is_there_while_it_runs_and_gone_afterwards(box, tmp_path):
    beat = tmp_path / "heartbeat.json"
    seen: list[dict[str, Any]] = []

    def beating() -> bool:
        if not seen and beat.exists():
            seen.append(json.loads(beat.read_text()))
        return bool(seen)

    asyncio.run(while_it_runs(box, beating))
    assert (seen[0]["protocol"], seen[0]["pid"], seen[0]["version"]) == (1, os.getpid(), "1.0")
    assert not beat.exists()


def test_a_refused_request_is_told_why(box, tmp_path):
    for id, words in (("a", "refuse"), ("b", "break")):
        ask(tmp_path, id, words=words)
    asyncio.run(while_it_runs(box, lambda: len(replies(tmp_path)) == 2))
    assert [each["reason"] for each in replies(tmp_path).values()] == [
        "no such thing", "an internal error; the daemon's log has the details"
    ]  # fmt: skip


HOSTILE = {
    "list": "[1, 2]",
    "number": "7",
    "unknown-message": '{"message": "format_disk", "id": "unknown-message"}',
    "answer": '{"message": "ack", "id": "answer", "status": "accepted", "reason": ""}',
    "extra": '{"message": "ping", "id": "extra", "shell": "rm"}',
    "other-id": '{"message": "ping", "id": "another"}',
    "no-path": '{"message": "process", "id": "no-path"}',
    "gap": '{"message": "plan", "id": "gap", "path": "/a.wav", "options_json": {}}',
    "typed": '{"message": "process", "id": "typed", "path": 7, "words": "x"}',
    "nan": '{"message": "capture", "id": "nan", "seconds": NaN, "words": "x"}',
    "deep": "[" * 60_000,
    "huge": '{"message": "ping", "id": "' + "x" * 70_000 + '"}',
    "bytes": "\udcff\udcfe",
}


def test_hostile_files_are_told_and_set_aside_and_the_box_goes_on(box, bridge, tmp_path):
    for id, text in HOSTILE.items():
        path = tmp_path / "requests" / f"{id}.json"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        os.utime(path, (1, 1))
    secret = tmp_path / "secret"
    secret.write_text('{"message": "ping", "id": "link"}')
    (tmp_path / "requests" / "link.json").symlink_to(secret)
    (tmp_path / "requests" / "folder.json").mkdir()
    os.mkfifo(tmp_path / "requests" / "pipe.json")
    (tmp_path / "requests" / "bad name!.json").write_text("{}")
    last = ask(tmp_path, "zz")
    asyncio.run(while_it_runs(box, lambda: not last.exists()))
    told = replies(tmp_path)
    errors = {name.split(".")[0] for name, each in told.items() if each["message"] == "error"}
    assert errors == {*HOSTILE, "link", "folder", "pipe"}
    assert [asked.id for asked in bridge.asked] == ["zz"]
    assert list((tmp_path / "requests").glob("*.json")) == []
    assert secret.exists()


def test_a_file_that_is_still_written_is_waited_for(box, bridge, tmp_path):
    path = tmp_path / "requests" / "slow.json"
    path.write_text('{"message": "ping",')

    async def scenario() -> None:
        running = asyncio.create_task(while_it_runs(box, lambda: bool(bridge.asked)))
        for _ in range(5):
            await asyncio.sleep(0.05)
            os.utime(path)
        path.write_text('{"message": "ping", "id": "slow"}')
        await running

    asyncio.run(scenario())
    assert bridge.asked == [Ping("slow")]


def test_a_thousand_requests_none_lost_none_doubled(box, bridge, tmp_path):
    for number in range(1000):
        ask(tmp_path, f"r{number}")
    asyncio.run(while_it_runs(box, lambda: not any((tmp_path / "requests").iterdir()), 60.0))
    assert sorted(asked.id for asked in bridge.asked) == sorted(f"r{number}" for number in range(1000))
    assert len(replies(tmp_path)) == 1000


def test_what_nobody_reads_goes_after_a_day(box, tmp_path):
    box.post(Ack("old", "accepted", ""))
    box.post(Ack("new", "accepted", ""))
    os.utime(tmp_path / "replies" / "old.1.json", (time.time() - 90_000,) * 2)
    asyncio.run(while_it_runs(box, lambda: "old.1.json" not in replies(tmp_path)))
    assert list(replies(tmp_path)) == ["new.1.json"]
