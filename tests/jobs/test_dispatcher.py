"""Jobs through the real ledger, real pipes and real files; only the planner and the effects are a stand-in."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from bridge.errors import BadRequest
from bridge.jobs import Dispatcher, Ledger, NewJob
from tests.jobs.desk import STAND_IN, Desk, opened, sound_at

CONTRACT_FIELDS = [
    "schema", "job", "status", "request", "source", "output", "outcome", "plan", "planner", "before", "after",
    "checks", "warnings", "seconds", "versions",
]  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    with opened(tmp_path) as desk:
        yield desk


def test_a_job_ends_as_a_verified_file_and_a_result(desk, tmp_path):
    source = sound_at(tmp_path / "inbox" / "vocal.wav")
    untouched = source.read_bytes()
    result = desk.run(source, "gain -6")
    assert set(CONTRACT_FIELDS) <= set(result)
    assert result["status"] == "done" and result["ok"] is True and result["outcome"] == "plan"
    assert desk.left_in(result["job"]) == {"vocal.wav", "result.json"}
    assert result["output"] == str(tmp_path / "outbox" / result["job"] / "vocal.wav")
    before, _ = soundfile.read(source)
    after, rate = soundfile.read(result["output"])
    assert rate == 48000
    assert soundfile.info(result["output"]).subtype == "PCM_24"
    np.testing.assert_allclose(after, before * 10 ** (-6 / 20), atol=2**-22)
    assert source.read_bytes() == untouched
    assert result["source"]["path"] == str(source)
    assert result["planner"]["kind"] == "offline"
    peaks = [result[when]["sample_peak"]["value"] for when in ("before", "after")]
    assert peaks[1] == pytest.approx(peaks[0] - 6, abs=0.01)
    assert result["versions"]["dawbridge"]


def test_events_tell_start_progress_and_end_to_the_client_that_asked(desk, tmp_path):
    added = desk.add(sound_at(tmp_path / "a.wav"), "gain -1", client_id="reaper-7")
    done = desk.wait_for("finished", added.job)
    assert desk.heard[0].kind == "started"
    assert {event.stage for event in desk.heard if event.kind == "progress"} == {"plan", "render"}
    assert {event.client_id for event in desk.heard} == {"reaper-7"}
    assert done.status == "done" and done.fraction == 1.0
    assert done.result_path is not None and Path(done.result_path).exists()


def test_an_event_loop_hears_on_its_own_thread(tmp_path):
    async def listen() -> tuple[str, int]:
        with opened(tmp_path) as desk:
            heard: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
            desk.dispatcher.listen(
                lambda event: heard.put_nowait((event.kind, threading.get_ident())),
                asyncio.get_running_loop(),
            )
            await asyncio.to_thread(desk.add, sound_at(tmp_path / "a.wav"), "nothing")
            while (item := await asyncio.wait_for(heard.get(), 60))[0] != "finished":
                pass
            return item

    assert asyncio.run(listen()) == ("finished", threading.get_ident())


@pytest.mark.parametrize(
    ("words", "status", "outcome", "reason"),
    [
        ("nothing", "done", "no_op", None),
        ("ask", "refused", "clarify", "Which of the two do you mean?"),
        ("refuse", "refused", None, "These words cannot be read."),
        ("break", "failed", None, "Step s1 gave no sound."),
        ("blunder", "failed", None, "Internal error: ValueError: a slip. Please report it with the log."),
    ],
)
def test_what_is_not_rendered_leaves_result_json_alone(desk, tmp_path, words, status, outcome, reason):
    result = desk.run(sound_at(tmp_path / "a.wav"), words)
    assert (result["status"], result["outcome"], result["reason"]) == (status, outcome, reason)
    assert result["output"] is None
    assert desk.left_in(result["job"]) == {"result.json"}
    if words == "ask":
        assert result["question"] == reason


def test_a_job_may_bring_its_own_plan(desk, tmp_path):
    plan = {"schema": 1, "steps": [{"id": "a", "effect": "gain", "parameters": {"gain_db": -2.0}}]}
    result = desk.run(sound_at(tmp_path / "a.wav"), "", options={"plan": plan})
    assert result["plan"]["steps"][0]["parameters"] == {"gain_db": -2.0}
    assert result["status"] == "done"


def test_a_plan_that_is_none_is_refused_by_name(desk, tmp_path):
    result = desk.run(sound_at(tmp_path / "a.wav"), "", options={"plan": {"steps": 7}})
    assert result["status"] == "refused"
    assert "plan.steps" in result["reason"]


def test_plan_and_analyze_jobs_render_nothing(desk, tmp_path):
    source = sound_at(tmp_path / "a.wav")
    planned = desk.run(source, "gain -3", kind="plan")
    assert planned["status"] == "done" and planned["plan"]["steps"] and planned["output"] is None
    measured = desk.run(source, "gain -3", kind="analyze")
    assert measured["job"] != planned["job"]
    assert measured["status"] == "done" and measured["before"] and measured["output"] is None


def test_a_job_that_was_refused_at_the_door_has_its_result_too(desk, tmp_path):
    result = desk.run(tmp_path / "x.wav", "warm", refused="x.wav is a named pipe, not a sound file.")
    assert result["status"] == "refused"
    assert result["reason"] == "x.wav is a named pipe, not a sound file."
    assert result["source"]["path"] == str(tmp_path / "x.wav")


def test_a_file_that_is_no_sound_is_refused_by_name(desk, tmp_path):
    text = tmp_path / "notes.wav"
    text.write_text("not a sound\n")
    result = desk.run(text, "gain -1")
    assert result["status"] == "refused"
    assert "notes.wav" in result["reason"]


@pytest.mark.skipif(os.name != "posix", reason="names as bytes")
@pytest.mark.parametrize(
    "name", [b"caf\xe9.wav", "sch\u00f6n \U0001f3b8.wav".encode(), b"two\nlines.wav", b" x'\";--.wav"]
)
def test_any_name_comes_back_as_it_was(desk, tmp_path, name):
    plain = sound_at(tmp_path / "plain.wav")
    source = tmp_path / os.fsdecode(name)
    plain.rename(source)
    result = desk.run(source, "gain -1")
    assert result["status"] == "done"
    assert os.fsencode(result["output"]) == os.fsencode(tmp_path / "outbox" / result["job"]) + b"/" + name
    assert soundfile.info(os.open(result["output"], os.O_RDONLY)).frames == 24000


def test_a_worker_that_dies_every_time_fails_the_job_after_three_tries(desk, tmp_path):
    result = desk.run(sound_at(tmp_path / "a.wav"), "die")
    assert result["status"] == "failed"
    assert "exit code 0 without an answer" in result["reason"] and "tried 3 times" in result["reason"]
    kinds = [event.kind for event in desk.heard if event.job == result["job"]]
    assert kinds.count("started") == 3 and kinds.count("requeued") == 2 and kinds.count("finished") == 1
    after = desk.run(sound_at(tmp_path / "b.wav"), "gain -1")
    assert after["status"] == "done"  # the desk serves on


def test_a_worker_that_dies_once_costs_one_attempt(desk, tmp_path):
    result = desk.run(sound_at(tmp_path / "a.wav"), "die once")
    job = desk.ledger.get(result["job"])
    assert result["status"] == "done" and job is not None
    assert (job.attempt, job.deaths) == (2, 1)
    assert result["reason"] is None


def test_a_worker_that_dies_while_rendering_keeps_the_plan(desk, tmp_path):
    result = desk.run(sound_at(tmp_path / "a.wav"), "late die once")
    whats = [event["what"] for event in desk.ledger.events(result["job"])]
    assert result["status"] == "done"
    assert whats.count("plan frozen") == 1 and whats.count("rendering") == 1
    assert desk.left_in(result["job"]) == {"a.wav", "result.json"}


def test_a_hung_worker_is_killed_and_said_so(tmp_path):
    with opened(tmp_path, replace(STAND_IN, stall_s=0.5)) as desk:
        result = desk.run(sound_at(tmp_path / "a.wav"), "hang")
    assert result["status"] == "failed"
    assert "made no progress for 0.5 s" in result["reason"]


def test_a_queued_job_is_cancelled_before_it_starts(desk, tmp_path):
    busy = desk.add(sound_at(tmp_path / "a.wav"), "hang").job
    waiting = desk.add(sound_at(tmp_path / "b.wav"), "gain -1").job
    desk.wait_for("started", busy)
    desk.dispatcher.cancel(waiting)
    assert desk.result(waiting)["status"] == "cancelled"
    desk.dispatcher.cancel(busy)
    assert desk.result(busy)["status"] == "cancelled"
    assert desk.left_in(busy) == {"result.json"}
    assert [event for event in desk.heard if event.job == waiting and event.kind == "started"] == []


def test_a_running_job_is_cancelled_from_another_process(desk, tmp_path):
    job = desk.add(sound_at(tmp_path / "a.wav"), "hang").job
    desk.wait_for("started", job)
    with Ledger.open(tmp_path / "state", owner=False) as beside:
        beside.cancel(job)
    assert desk.result(job)["status"] == "cancelled"
    with pytest.raises(BadRequest, match="already ended: cancelled"):
        desk.dispatcher.cancel(job)


def test_a_cancelled_job_can_be_run_again_under_its_id(desk, tmp_path):
    busy = desk.add(sound_at(tmp_path / "a.wav"), "hang").job
    waiting = desk.add(sound_at(tmp_path / "b.wav"), "gain -1").job
    desk.dispatcher.cancel(waiting)
    assert desk.result(waiting)["status"] == "cancelled"
    desk.dispatcher.cancel(busy)
    desk.heard.clear()
    desk.dispatcher.retry(waiting)
    assert desk.result(waiting)["status"] == "done"
    with pytest.raises(BadRequest, match="is done; only failed"):
        desk.dispatcher.retry(waiting)


def test_the_input_deleted_between_planning_and_rendering_fails_clearly(desk, tmp_path):
    source = sound_at(tmp_path / "a.wav")
    gone = tmp_path / "gone"
    job = desk.add(source, f"late until {gone}").job
    with desk.hearing:
        assert desk.hearing.wait_for(lambda: "render" in [event.stage for event in desk.heard], 60)
    source.unlink()
    gone.touch()
    result = desk.result(job)
    assert result["status"] in ("failed", "refused")
    assert "a.wav" in result["reason"]
    assert desk.left_in(job) == {"result.json"}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind root")
def test_a_read_only_outbox_fails_the_job_and_the_result_comes_later(desk, tmp_path):
    _closed_and_opened(desk, tmp_path, lambda outbox: outbox.chmod(0o500), lambda outbox: outbox.chmod(0o700))


def test_an_outbox_that_turned_into_a_file_fails_the_job_and_the_result_comes_later(desk, tmp_path):
    def spoil(outbox: Path) -> None:
        outbox.rmdir()
        outbox.write_text("in the way")

    def mend(outbox: Path) -> None:
        outbox.unlink()
        outbox.mkdir()

    _closed_and_opened(desk, tmp_path, spoil, mend)


def _closed_and_opened(desk: Desk, home: Path, spoil, mend) -> None:
    outbox = home / "outbox"
    spoil(outbox)
    job = desk.add(sound_at(home / "a.wav"), "gain -1").job
    event = desk.wait_for("finished", job)
    row = desk.ledger.get(job)
    assert event.status == "failed" and event.result_path is None
    assert row is not None and row.result_problem is not None and "cannot be made" in row.result_problem
    mend(outbox)
    deadline = time.monotonic() + 30
    while not desk.dispatcher.result_path(job).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    result = json.loads(desk.dispatcher.result_path(job).read_bytes())
    assert result["status"] == "failed" and str(outbox) in result["reason"]


def test_stopping_gives_running_jobs_back_uncounted(tmp_path):
    with opened(tmp_path) as desk:
        job = desk.add(sound_at(tmp_path / "a.wav"), "hang").job
        desk.wait_for("started", job)
    with Ledger.open(tmp_path / "state") as ledger:
        row = ledger.get(job)
        assert row is not None and (row.state, row.deaths) == ("queued", 0)


def test_workers_leave_with_the_desk(tmp_path):
    with opened(tmp_path, replace(STAND_IN, count=2)) as desk:
        desk.run(sound_at(tmp_path / "a.wav"), "nothing")
        mine = [
            child for child in psutil.Process().children() if "stand_in_worker" in " ".join(child.cmdline())
        ]
        assert mine
    psutil.wait_procs(mine, timeout=20)
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in mine)


def test_two_workers_share_the_work(tmp_path):
    with opened(tmp_path, replace(STAND_IN, count=2)) as desk:
        sounds = [sound_at(tmp_path / f"{n}.wav", seed=n) for n in range(1, 9)]
        jobs = desk.ledger.add([NewJob(str(sound), "gain -3") for sound in sounds])
        desk.dispatcher.wake()
        assert desk.dispatcher.wait_until_idle(60)
        assert {desk.result(added.job)["status"] for added in jobs} == {"done"}
        for added in jobs:
            assert desk.ledger.get(added.job).attempt == 1


def test_the_state_folder_is_private(desk, tmp_path):
    mode = stat.S_IMODE((tmp_path / "state" / "ledger.db").stat().st_mode)
    assert mode & 0o077 == 0


def test_a_listener_that_fails_harms_nobody(desk, tmp_path):
    desk.dispatcher.listen(lambda event: 1 / 0)
    assert desk.run(sound_at(tmp_path / "a.wav"), "gain -1")["status"] == "done"


def test_a_dispatcher_needs_an_outbox_that_can_be_made(tmp_path):
    from bridge.errors import OutputFailed

    (tmp_path / "outbox").write_text("in the way")
    with Ledger.open(tmp_path / "state") as ledger:
        dispatcher = Dispatcher(ledger, tmp_path / "outbox", tmp_path / "state", STAND_IN)
        with pytest.raises(OutputFailed, match="cannot be made"):
            dispatcher.start()


def test_starting_takes_away_spool_files_and_nothing_else(tmp_path):
    spool = tmp_path / "state" / "spool"
    spool.mkdir(parents=True)
    (spool / ".spool-left").write_bytes(b"of a killed worker")
    (spool / "take 1.wav").write_bytes(b"of the user")
    with opened(tmp_path):
        assert [path.name for path in spool.iterdir()] == ["take 1.wav"]
