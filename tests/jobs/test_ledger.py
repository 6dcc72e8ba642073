from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from itertools import pairwise
from pathlib import Path

import pytest

from bridge.errors import BadRequest, Unavailable
from bridge.jobs import FileStamp, Ledger, NewJob
from bridge.jobs.ids import is_id, new_ids
from bridge.jobs.job import MAX_REQUEST_CHARACTERS
from bridge.jobs.states import FINAL, LOST_RUN, TRANSITIONS, WAITING, allowed

PLANNED = {
    "source": {"path": "/a.wav", "sha256": "ab", "rate": 48000, "channels": 2, "frames": 10, "format": "WAV PCM_24"},
    "outcome": {"kind": "plan", "plan": {"steps": []}},
    "before": {},
    "name": "a.wav",
    "warnings": [],
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "state", tmp_path / "outbox") as ledger:
        yield ledger


@pytest.fixture
def stem(tmp_path) -> Path:
    path = tmp_path / "vocal.wav"
    path.write_bytes(b"sound")
    return path


def add(ledger: Ledger, path: Path, words: str = "warm", **more):
    return ledger.add([NewJob(str(path), words, **more)])[0]


def claimed_planned(ledger: Ledger):
    job = ledger.runs.claim()
    assert job is not None and ledger.runs.freeze(job.id, job.attempt, PLANNED, 0.1)
    return job


# -- who comes in ------------------------------------------------------------------------------------------------------


def test_the_same_file_with_the_same_words_is_one_job(ledger, stem):
    first, second = add(ledger, stem), add(ledger, stem)
    assert (first.status, second.status) == ("accepted", "duplicate")
    assert first.job == second.job


def test_the_same_file_with_other_words_options_or_kind_is_another_job(ledger, stem):
    jobs = {
        add(ledger, stem, "warm").job,
        add(ledger, stem, "bright").job,
        add(ledger, stem, "warm", options={"target": "podcast"}).job,
        add(ledger, stem, "warm", kind="plan").job,
    }
    assert len(jobs) == 4


def test_empty_options_are_no_options(ledger, stem):
    assert add(ledger, stem).job == add(ledger, stem, options={"target": None, "references": []}).job


def test_a_clients_id_never_makes_a_second_job_whatever_it_says(ledger, stem, tmp_path):
    first = add(ledger, stem, "warm", client_id="x1")
    again = add(ledger, tmp_path / "other.wav", "bright", client_id="x1")
    assert again == type(again)(first.job, "duplicate")
    assert ledger.by_client("x1").id == first.job
    assert ledger.by_client("x2") is None


def test_two_clients_that_ask_for_the_same_share_one_job(ledger, stem):
    first, second = add(ledger, stem, client_id="a"), add(ledger, stem, client_id="b")
    assert first.job == second.job and second.status == "duplicate"
    assert sorted(ledger.clients(first.job)) == ["a", "b"]


def test_one_batch_may_name_a_file_twice(ledger, stem):
    new = NewJob(str(stem), "warm")
    first, second = ledger.add([new, new])
    assert (first.job, first.status, second.status) == (second.job, "accepted", "duplicate")


def test_a_changed_file_is_a_new_job(ledger, stem):
    first = add(ledger, stem)
    claimed_planned(ledger)
    stem.write_bytes(b"other sound")
    second = add(ledger, stem)
    assert second.status == "accepted" and second.job != first.job


def test_a_touched_file_is_told_from_a_changed_one_by_its_content(ledger, stem):
    first = add(ledger, stem)
    job = ledger.runs.claim()
    sha256 = hashlib.sha256(b"sound").hexdigest()
    ledger.runs.freeze(
        job.id, job.attempt, {**PLANNED, "source": {**PLANNED["source"], "sha256": sha256}}, 0.0
    )
    os.utime(stem, ns=(1, 1))
    assert add(ledger, stem) == type(first)(first.job, "duplicate")
    stem.write_bytes(b"Sound")
    os.utime(stem, ns=(2, 2))
    assert add(ledger, stem).status == "accepted"


def test_a_file_that_changes_while_its_job_waits_stays_one_job(ledger, stem):
    first = add(ledger, stem)
    stem.write_bytes(b"longer sound")
    assert add(ledger, stem).job == first.job


def test_words_that_come_before_the_start_change_the_waiting_job(ledger, stem):
    first = add(ledger, stem, "gain staging", origin="inbox")
    second = add(ledger, stem, "warm", origin="inbox", options={"target": "podcast"})
    assert second == type(second)(first.job, "accepted")
    job = ledger.get(first.job)
    assert (job.request, job.options) == ("warm", {"target": "podcast"})
    assert add(ledger, stem, "warm", origin="inbox", options={"target": "podcast"}).status == "duplicate"


def test_words_that_come_after_the_start_are_a_new_job(ledger, stem):
    first = add(ledger, stem, "gain staging", origin="inbox")
    ledger.runs.claim()
    second = add(ledger, stem, "warm", origin="inbox")
    assert second.status == "accepted" and second.job != first.job


def test_a_rescan_does_not_repeat_a_failure_but_an_explicit_wish_does(ledger, stem):
    first = add(ledger, stem, origin="inbox")
    job = ledger.runs.claim()
    ledger.runs.end(job.id, job.attempt, "failed", reason="disk full")
    ledger.runs.result_written(job.id, job.attempt)
    assert add(ledger, stem, origin="inbox").status == "duplicate"
    asked = add(ledger, stem, origin="osc", client_id="again")
    assert asked == type(asked)(first.job, "accepted")
    row = ledger.get(first.job)
    assert (row.state, row.reason, row.result_written, row.deaths) == ("queued", None, False, 0)


def test_what_is_done_is_not_done_again_for_another_client(ledger, stem):
    add(ledger, stem)
    job = claimed_planned(ledger)
    ledger.runs.begin_render(job.id, job.attempt)
    ledger.runs.verified(job.id, job.attempt, {}, 0.0)
    ledger.runs.end(job.id, job.attempt, "done")
    assert add(ledger, stem, client_id="late").status == "duplicate"


def test_a_refusal_at_the_door_is_a_job_that_owes_its_result(ledger, tmp_path):
    added = add(ledger, tmp_path / "pipe.wav", refused="pipe.wav is a named pipe.")
    job = ledger.get(added.job)
    assert (job.state, job.reason) == ("refused", "pipe.wav is a named pipe.")
    assert [owed.id for owed in ledger.runs.owed()] == [added.job]
    assert ledger.runs.claim() is None
    assert add(ledger, tmp_path / "pipe.wav", refused="pipe.wav is a named pipe.").status == "duplicate"


def test_words_without_end_are_refused_and_not_kept(ledger, stem):
    job = ledger.get(add(ledger, stem, "loud " * 250_000).job)
    assert job.state == "refused" and f"at most {MAX_REQUEST_CHARACTERS}" in job.reason
    assert len(job.request) < 300


def test_a_name_that_is_no_text_is_kept_byte_for_byte(ledger, tmp_path):
    path = tmp_path / "caf\udce9\n.wav"
    job = add(ledger, path)
    assert ledger.get(job.job).path == str(path)
    assert [row.id for row in ledger.of_path(str(path))] == [job.job]


def test_five_thousand_files_come_in_with_one_transaction_and_cost_nothing_to_see_again(ledger, tmp_path):
    news = [NewJob(str(tmp_path / f"{n}.wav"), "warm", stamp=FileStamp(n, 1, n)) for n in range(5000)]
    before = ledger.events()
    first = ledger.add(news)
    assert {added.status for added in first} == {"accepted"} and len(ledger.events()) - len(before) == 5000
    assert [added.job for added in first] == sorted({added.job for added in first})
    again = ledger.add(news)
    assert again == [type(added)(added.job, "duplicate") for added in first]
    assert len(ledger.events()) == 5000  # a rescan writes nothing
    assert ledger.counts() == {"queued": 5000}


# -- how it goes on ----------------------------------------------------------------------------------------------------


def test_claims_come_oldest_first_and_once(ledger, tmp_path):
    ids = [add(ledger, tmp_path / f"{n}.wav").job for n in range(3)]
    assert [ledger.runs.claim().id for _ in range(3)] == ids
    assert ledger.runs.claim() is None and not ledger.runs.waiting()


def test_an_outdated_run_changes_nothing(ledger, stem):
    add(ledger, stem)
    old = ledger.runs.claim()
    assert ledger.runs.give_back(old.id, old.attempt, "test")
    new = ledger.runs.claim()
    assert new.attempt == old.attempt + 1
    assert not ledger.runs.freeze(old.id, old.attempt, PLANNED, 0.0)
    assert not ledger.runs.end(old.id, old.attempt, "failed", reason="late")
    assert ledger.runs.died(old.id, old.attempt, "late") is None
    assert ledger.get(old.id).state == "planning"


def test_the_third_death_ends_the_job_and_says_why(ledger, stem):
    add(ledger, stem)
    for expected in ("queued", "queued", "failed"):
        job = ledger.runs.claim()
        assert ledger.runs.died(job.id, job.attempt, "Worker process 7 was killed by SIGSEGV.") == expected
    row = ledger.get(job.id)
    assert row.reason == "Worker process 7 was killed by SIGSEGV. It was tried 3 times."


def test_a_frozen_plan_survives_every_way_back(ledger, stem):
    add(ledger, stem)
    job = claimed_planned(ledger)
    ledger.runs.begin_render(job.id, job.attempt)
    ledger.runs.died(job.id, job.attempt, "died")
    again = ledger.runs.claim()
    assert (again.id, again.state) == (job.id, "running")
    assert ledger.document(job.id, "planned") == PLANNED
    ledger.runs.end(again.id, again.attempt, "failed", reason="x")
    assert ledger.retry(job.id).state == "planned"


def test_orphans_wait_again_uncounted(ledger, tmp_path):
    add(ledger, tmp_path / "a.wav")
    planned = claimed_planned(ledger)
    ledger.runs.begin_render(planned.id, planned.attempt)
    add(ledger, tmp_path / "b.wav")
    planning = ledger.runs.claim((4242, 1.5))
    add(ledger, tmp_path / "c.wav")
    frozen = claimed_planned(ledger)
    add(ledger, tmp_path / "d.wav")
    orphans = {orphan.job: orphan for orphan in ledger.runs.orphans()}
    assert set(orphans) == {planned.id, planning.id, frozen.id}
    assert orphans[planning.id].worker == (4242, 1.5)
    ledger.runs.requeue_orphans(list(orphans.values()))
    states = {job.id: (job.state, job.deaths) for job in ledger.page()}
    assert states[planned.id] == ("planned", 0)
    assert states[planning.id] == ("queued", 0)
    assert states[frozen.id] == ("planned", 0)
    assert ledger.runs.orphans() == []


def test_cancel_and_retry_name_what_cannot_be(ledger, stem):
    with pytest.raises(BadRequest, match="There is no job nope"):
        ledger.cancel("nope")
    job = add(ledger, stem).job
    with pytest.raises(BadRequest, match="is queued; only failed, refused and cancelled"):
        ledger.retry(job)
    assert ledger.cancel(job).state == "cancelled"
    with pytest.raises(BadRequest, match="already ended"):
        ledger.cancel(job)
    assert ledger.retry(job).state == "queued"


def test_pages_go_back_in_time(ledger, tmp_path):
    ids = [add(ledger, tmp_path / f"{n}.wav").job for n in range(5)]
    first = [job.id for job in ledger.page(limit=2)]
    second = [job.id for job in ledger.page(limit=2, before=first[-1])]
    assert first + second == list(reversed(ids))[:4]
    assert [job.id for job in ledger.page(["failed"])] == []


def test_the_event_log_cannot_be_rewritten(ledger, stem, tmp_path):
    add(ledger, stem)
    connection = sqlite3.connect(tmp_path / "state" / "ledger.db")
    for statement in ("DELETE FROM event", "UPDATE event SET what='nothing'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()
    assert [event["what"] for event in ledger.events()] == ["added"]


def test_looking_for_work_uses_the_partial_indexes(ledger, tmp_path):
    """I7: the cost of a claim and of a start does not grow with what has ended."""
    from sqlalchemy import select

    from bridge.jobs import tables
    from bridge.jobs.runs import _OWED, _next

    connection = sqlite3.connect(tmp_path / "state" / "ledger.db")
    for query, index in ((_next(), "job_open"), (select(tables.job.c.id).where(_OWED), "job_owed")):
        text = str(query.compile(compile_kwargs={"literal_binds": True}))
        plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}"))
        assert index in plan, plan
    connection.close()


# -- the table of states -----------------------------------------------------------------------------------------------


def test_every_state_can_be_left_or_is_an_end_and_every_end_can_be_reached():
    reached = {state for targets in TRANSITIONS.values() for state in targets}
    assert set(TRANSITIONS) - reached == set()
    assert TRANSITIONS["done"] == frozenset()
    for state, targets in TRANSITIONS.items():
        assert targets or state == "done"
        if state not in FINAL:
            assert "failed" in targets


def test_a_lost_run_goes_where_the_table_allows():
    assert all(allowed(state, back) and back in WAITING for state, back in LOST_RUN.items())


# -- ids ---------------------------------------------------------------------------------------------------------------


def test_ids_sort_by_age_and_are_safe_as_names():
    ids = new_ids(5000, None)
    assert ids == sorted(set(ids))
    assert all(is_id(text) and text == text.lower() and len(text) == 13 for text in ids)


def test_ids_rise_even_when_the_clock_is_set_back(monkeypatch):
    now = new_ids(3, None)
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    later = new_ids(2, now[-1])
    assert all(earlier < after for earlier, after in pairwise([*now, *later]))


@pytest.mark.parametrize("name", ["", "..", "u" * 13, "01j3xk2v8q4mi", "01J3XK2V8Q4M7", "result.json"])
def test_what_is_no_id_is_no_folder(name):
    assert not is_id(name)


# -- opening -----------------------------------------------------------------------------------------------------------


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


def test_a_job_taken_back_at_work_is_not_claimed_again_after_a_kill(ledger, stem):
    add(ledger, stem)
    job = ledger.runs.claim()
    assert ledger.cancel(job.id).cancel_asked
    ledger.runs.requeue_orphans(ledger.runs.orphans())
    assert ledger.runs.claim() is None and ledger.runs.to_cancel() == [job.id]
    assert ledger.cancel(job.id).state == "cancelled"


def test_results_that_cannot_be_written_hold_up_no_other(ledger, tmp_path):
    first, second = (
        ledger.add([NewJob(str(tmp_path / name), "", refused="no sound")])[0].job
        for name in ("a.wav", "b.wav")
    )
    assert [job.id for job in ledger.runs.owed(limit=1)] == [first]
    ledger.runs.result_failed(first, 0, "the disk is full")
    assert [job.id for job in ledger.runs.owed(limit=1)] == [second]
    assert [job.id for job in ledger.runs.owed()] == [second, first]
