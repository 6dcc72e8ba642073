"""How a job goes on in the ledger: claims, deaths, ways back and what is owed."""

from __future__ import annotations

import sqlite3

import pytest

from bridge.errors import BadRequest
from bridge.jobs import NewJob
from tests.jobs.rows import PLANNED, add, claimed_planned


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
