"""Death at every named step, of the daemon's side and of the worker's, then one restart: everything as it should be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.jobs import Ledger
from tests.jobs.desk import ROOT, sound_at
from tests.jobs.invariants import broken_outputs, digest, faults_of

OURS = ["claim", "planned", "frozen", "rendered", "verified", "renamed", "committed", "result"]
THE_WORKERS = ["write", "fsync", "written"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9")


def work(home: Path, crash: str = "", words: str = "gain -6") -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BRIDGE_CRASH_AT": crash}
    command = [sys.executable, "-m", "tests.jobs.desk_process", str(home), words, "1"]
    return subprocess.run(command, env=environment, timeout=180, stdout=subprocess.DEVNULL).returncode


def dropped(home: Path, count: int) -> dict[Path, str]:
    sounds = [sound_at(home / "inbox" / f"{n}.wav", seconds=0.2, seed=n) for n in range(count)]
    return {path: digest(path) for path in sounds}


@pytest.mark.parametrize(("name", "count"), [*((name, 1) for name in OURS), ("frozen", 2), ("renamed", 2)])
def test_killed_at_a_step_of_the_daemon(tmp_path, name, count):
    inputs = dropped(tmp_path, 2)
    assert work(tmp_path, f"{name}:{count}:{tmp_path / 'crashed'}") == -signal.SIGKILL
    assert broken_outputs(tmp_path / "outbox") == []
    assert work(tmp_path) == 0
    assert faults_of(tmp_path, inputs) == []
    with Ledger.open(tmp_path / "state", owner=False) as ledger:
        assert {(job.state, job.deaths) for job in ledger.page()} == {("done", 0)}  # an orphan is not counted


def test_killed_between_the_refined_plan_and_its_rendering(tmp_path):
    home, calm = tmp_path / "home", tmp_path / "calm"
    inputs = dropped(home, 2)
    dropped(calm, 2)
    assert work(calm, words="short -6") == 0
    assert work(home, f"refined:1:{tmp_path / 'crashed'}", words="short -6") == -signal.SIGKILL
    assert broken_outputs(home / "outbox") == []
    assert work(home, words="short -6") == 0
    assert faults_of(home, inputs) == []
    assert results(home) == results(calm)
    assert {gain for _, gain, *_ in results(home)} == {-12.0}  # the refined plan, in both


def results(home: Path) -> set[tuple[str, float, str, bool]]:
    """Of each job: name and gain of what was rendered, digest of the file, whether the second rendering was kept."""
    found = set()
    for path in (home / "outbox").glob("*/result.json"):
        told = json.loads(path.read_bytes())
        output = Path(told["output"])
        gain_db = told["plan"]["steps"][0]["parameters"]["gain_db"]
        found.add((output.name, gain_db, digest(output), told["refined"]["kept"]))
    return found


@pytest.mark.parametrize("name", THE_WORKERS)
def test_killed_at_a_step_of_the_worker(tmp_path, name):
    inputs = dropped(tmp_path, 2)
    assert work(tmp_path, f"{name}:1:{tmp_path / 'crashed'}") == 0
    assert (tmp_path / "crashed").exists()
    assert faults_of(tmp_path, inputs) == []
    with Ledger.open(tmp_path / "state", owner=False) as ledger:
        assert sorted((job.state, job.deaths) for job in ledger.page()) == [("done", 0), ("done", 1)]


def test_a_verified_file_is_not_rendered_again_after_the_kill(tmp_path):
    inputs = dropped(tmp_path, 1)
    assert work(tmp_path, "verified:1") == -signal.SIGKILL
    assert work(tmp_path) == 0
    assert faults_of(tmp_path, inputs) == []
    with Ledger.open(tmp_path / "state", owner=False) as ledger:
        whats = [event["what"] for event in ledger.events()]
    assert whats.count("claimed") == 1 and whats.count("rendering") == 1


def test_a_lost_ledger_between_two_runs_renders_nothing_again(tmp_path):
    inputs = dropped(tmp_path, 2)
    assert work(tmp_path) == 0
    outputs = {path: digest(path) for path in (tmp_path / "outbox").rglob("*") if path.is_file()}
    for path in (tmp_path / "state").glob("ledger.db*"):
        path.unlink()
    assert work(tmp_path) == 0
    assert {path: digest(path) for path in (tmp_path / "outbox").rglob("*") if path.is_file()} == outputs
    assert {path: digest(path) for path in inputs} == inputs
