"""Who comes into the ledger: one job for one wish, however often it is asked for."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

from bridge.jobs import FileStamp, NewJob
from bridge.jobs.job import MAX_REQUEST_CHARACTERS
from tests.jobs.rows import PLANNED, add, claimed_planned


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


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("some reverb", {"impulse": "{room}"}),
        ("match the reference", {"references": ["{room}:0.5"]}),
        ("convolve it with room.wav", {}),
    ],
    ids=["an impulse", "a reference", "an impulse in words"],
)
def test_a_file_beside_the_sound_that_has_changed_makes_a_new_job(ledger, stem, words, options):
    room = stem.with_name("room.wav")
    room.write_bytes(b"a church")
    given = json.loads(json.dumps(options).replace("{room}", str(room)))
    first = add(ledger, stem, words, options=given)
    assert add(ledger, stem, words, options=given) == type(first)(first.job, "duplicate")
    room.write_bytes(b"a small kitchen")
    second = add(ledger, stem, words, options=given)
    assert second.status == "accepted" and second.job != first.job
