"""A child's death, whatever its manner, is one WorkerDied with a sentence; nothing that it does reaches the daemon."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bridge.errors import Failed, FileRefused, WorkerDied
from bridge.processes import Child, Limits

ROOT = Path(__file__).parents[2]


@pytest.fixture
def spawn(tmp_path):
    children = []

    def make(**options) -> Child:
        options.setdefault("log_path", tmp_path / "child.log")
        child = Child("tests.processes.odd_worker", environment={"PYTHONPATH": str(ROOT)}, **options)
        children.append(child)
        return child

    yield make
    for child in children:
        child.close()


def gone(pid: int, within_s: float = 20.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_answers_come_back_in_order_with_their_progress(spawn):
    child = spawn()
    seen = []
    assert child.call({"do": "count", "to": 3}, lambda message: seen.append(message["number"]))["did"] == 3
    assert seen == [0, 1, 2]
    assert child.call({"do": "echo", "text": "ä\n€"})["did"] == "ä\n€"


def test_what_it_prints_lands_in_the_log_and_never_among_the_answers(spawn, tmp_path):
    child = spawn()
    assert child.call({"do": "print"})["did"] == "printed"
    child.close()
    text = (tmp_path / "child.log").read_text()
    assert "chatter on stdout" in text and "chatter on stderr" in text and "forged" in text


def test_what_foreign_code_writes_into_the_pipe_is_no_answer_to_this_request_nor_to_the_next(spawn):
    child = spawn()
    seen = []
    for number in range(3):
        assert child.call({"do": "forge"}, seen.append)["did"] == "honest"
        assert child.call({"do": "echo", "text": number}, seen.append)["did"] == number
    assert seen == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("limit", "another limit (RLIMIT_FSIZE)"),
        ("streams", "other standard streams"),
        ("folder", "another working folder"),
        ("mask", "another file creation mask"),
        ("signals", "other signals blocked or ignored"),
        ("space", "hardly any address space left"),
    ],
)
def test_a_child_whose_surroundings_were_changed_says_so_with_its_answer(spawn, what, said):
    child = spawn()
    assert child.call({"do": "echo", "text": "ready"})["did"] == "ready" and child.spoilt is None
    child.call({"do": "count", "to": 3})
    assert child.spoilt is None
    child.call({"do": "spoil", "what": what})
    assert child.spoilt == said


def test_a_flood_of_output_fills_no_disk_and_blocks_no_answer(spawn, tmp_path):
    child = spawn()
    assert child.call({"do": "flood", "lines": 40_000})["did"] == "flooded"
    child.close()
    assert (tmp_path / "child.log").stat().st_size < (1 << 20) + 100
    assert child.dropped_mb() == 40_000 * 100 / 2**20 - 1  # every byte past the cap is counted


def test_exit_code_0_without_an_answer_is_a_death(spawn):
    with pytest.raises(WorkerDied, match="exit code 0 without an answer"):
        spawn().call({"do": "exit", "code": 0})


def test_a_crash_names_its_signal_and_where_it_happened(spawn):
    with pytest.raises(WorkerDied, match="SIGSEGV"):
        spawn().call({"do": "segfault"})


def test_a_killed_child_is_noticed_at_once(spawn):
    child = spawn()
    child.call({"do": "echo"})
    began = time.monotonic()
    psutil.Process(child.pid).kill()
    with pytest.raises(WorkerDied, match="SIGKILL"):
        child.call({"do": "hang"})
    assert time.monotonic() - began < 10  # not the stall limit of 180 s


def test_our_errors_cross_as_what_they_are(spawn):
    child = spawn()
    with pytest.raises(FileRefused, match="ends early") as caught:
        child.call({"do": "refuse"})
    assert caught.value.verdict == "truncated"
    assert child.call({"do": "echo", "text": 1})["did"] == 1  # it lives on


def test_a_blunder_is_a_failure_that_asks_for_a_report(spawn):
    with pytest.raises(Failed, match="Internal error: ZeroDivisionError"):
        spawn().call({"do": "blunder"})


def test_memory_beyond_the_limit_kills_the_child_alone(spawn):
    with pytest.raises(WorkerDied, match=r"MB of memory|MemoryError|exit code 1"):
        spawn(limits=Limits(memory_mb=150)).call({"do": "allocate"})


@pytest.mark.parametrize("manner", ["hang", "freeze"])
def test_a_stuck_child_is_killed_when_it_makes_no_progress(spawn, manner):
    child = spawn()
    child.call({"do": "echo"})
    with pytest.raises(WorkerDied, match=r"made no progress for 0\.6 s"):
        child.call({"do": manner}, stall_s=0.6)
    assert gone(child.pid)


def test_a_deadline_holds_even_while_progress_is_made(spawn):
    with pytest.raises(WorkerDied, match=r"not done within 1\.5 s"):
        spawn().call({"do": "plod"}, deadline_s=1.5)


def test_what_a_child_started_dies_with_it(spawn):
    child = spawn()
    grandchild = child.call({"do": "spawn"})["did"]
    child.kill()
    assert gone(grandchild)


def test_no_core_dumps(spawn):
    assert spawn().call({"do": "core_limit"})["did"] == [0, 0]


@pytest.mark.parametrize("manner", ["echo", "hang", "freeze"])
def test_a_child_dies_with_a_killed_parent(manner, tmp_path):
    """kill -9 of the parent, while the child is idle, at work, or stuck with the interpreter's lock held."""
    if manner == "freeze" and sys.platform != "linux":
        pytest.skip("only Linux has a signal for the parent's death; the pipe needs a free interpreter")
    program = (
        "import sys, threading\n"
        "from bridge.processes import Child\n"
        "child = Child('tests.processes.odd_worker')\n"
        "child.call({'do': 'echo'})\n"
        f"child.send({{'do': '{manner}'}})\n"
        "print(child.pid, flush=True)\n"
        "threading.Event().wait()\n"
    )
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert psutil.pid_exists(pid)
        parent.kill()
    assert gone(pid)


def test_started_by_hand_it_says_so():
    done = subprocess.run(
        [sys.executable, "-m", "tests.processes.odd_worker"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "started by dawbridge itself" in done.stderr
