"""A ledger is opened by one owner, and a lost or damaged one is rebuilt from the results."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from bridge.errors import Unavailable
from bridge.jobs import Ledger
from bridge.jobs.ids import new_ids
from tests.jobs.rows import add


def test_a_second_owner_is_turned_away_and_a_guest_is_not(ledger, stem, tmp_path):
    job = add(ledger, stem).job
    with pytest.raises(Unavailable, match=rf"process {os.getpid()}\)"):
        Ledger.open(tmp_path / "state")
    with Ledger.open(tmp_path / "state", owner=False) as guest:
        assert guest.get(job).state == "queued"


def test_a_guest_of_nothing_is_told_to_start_the_daemon(tmp_path):
    with pytest.raises(Unavailable, match="dawbridge serve"):
        Ledger.open(tmp_path, owner=False)


def result_in(outbox: Path, job: str, **fields) -> None:
    folder = outbox / job
    folder.mkdir(parents=True)
    base = {"schema": 1, "job": job, "status": "done", "request": "warm", "seconds": 1.5, "output": None}
    (folder / "result.json").write_text(json.dumps({**base, **fields}))


def test_a_lost_ledger_is_rebuilt_from_the_results_and_repeats_nothing(tmp_path, stem, caplog):
    done, refused, fresh = new_ids(3, None)
    outbox, other = tmp_path / "outbox", tmp_path / "text.wav"
    other.write_text("no sound")
    sha256 = hashlib.sha256(b"sound").hexdigest()
    result_in(outbox, done, source={"path": str(stem), "sha256": sha256})
    result_in(
        outbox, refused, status="refused", reason="no sound", source={"path": str(other), "sha256": None}
    )
    (outbox / fresh).mkdir()  # was at work when the ledger was lost
    (outbox / fresh / ".bridge-0123.tmp").write_text("half")
    (outbox / "holiday photos").mkdir()
    with Ledger.open(tmp_path / "state", outbox) as ledger:
        assert ledger.counts() == {"done": 1, "refused": 1}
        assert add(ledger, stem, origin="inbox") == type(add(ledger, stem))(done, "duplicate")
        assert add(ledger, other, origin="inbox").job == refused
        assert add(ledger, stem, "bright").status == "accepted"
        assert ledger.get(refused).reason == "no sound"
        assert ledger.runs.owed() == []
    assert "rebuilt from 2 results" in caplog.text
    assert list((outbox / fresh).iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"status": "done"}', b'{"status": 1, "source": {}}', b"\xff"]
)
def test_a_result_that_cannot_be_read_does_not_stop_the_rebuild(tmp_path, content, caplog):
    folder = tmp_path / "outbox" / new_ids(1, None)[0]
    folder.mkdir(parents=True)
    (folder / "result.json").write_bytes(content)
    with Ledger.open(tmp_path / "state", tmp_path / "outbox") as ledger:
        assert ledger.counts() == {}
    assert "cannot be read" in caplog.text


def test_a_damaged_ledger_is_set_aside_and_rebuilt(tmp_path, stem, caplog):
    state, outbox = tmp_path / "state", tmp_path / "outbox"
    job = new_ids(1, None)[0]
    result_in(outbox, job, source={"path": str(stem), "sha256": hashlib.sha256(b"sound").hexdigest()})
    Ledger.open(state, outbox).close()
    (state / "ledger.db").write_bytes(b"\0" * 3000)
    with Ledger.open(state, outbox) as ledger:
        assert ledger.set_aside is not None and ledger.set_aside.exists()
        assert add(ledger, stem, origin="inbox").job == job
    assert "was set aside" in caplog.text


@pytest.mark.parametrize("left", ["no byte", "tables without rows"])
def test_a_ledger_that_holds_nothing_is_rebuilt_too(tmp_path, stem, left):
    """A power cut can leave a name without content; a kill can come between the tables and their rows."""
    state, outbox = tmp_path / "state", tmp_path / "outbox"
    Ledger.open(state).close()
    if left == "no byte":
        (state / "ledger.db").write_bytes(b"")
    job = new_ids(1, None)[0]
    result_in(outbox, job, source={"path": str(stem), "sha256": hashlib.sha256(b"sound").hexdigest()})
    with Ledger.open(state, outbox) as ledger:
        assert add(ledger, stem, origin="inbox").job == job
