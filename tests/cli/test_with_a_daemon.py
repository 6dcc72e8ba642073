"""send, jobs and doctor beside a real daemon, and the demo, which starts one of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.cli.conftest import Ran, environment, run_in
from tests.daemon.living import until


@dataclass(frozen=True)
class Daemon:
    home: Path
    process: subprocess.Popen[bytes]

    def run(self, *arguments: str) -> Ran:
        """A command of the same user, with the daemon's folders; where it answers is what it announced."""
        return run_in(self.home, *arguments, **folders(self.home))

    @property
    def announcement(self) -> Path:
        return self.home / "dawbridge" / "dawbridge.json"

    def announced(self) -> bool:
        assert self.process.poll() is None, "the daemon did not start"
        return self.announcement.exists()


def folders(home: Path) -> dict[str, str]:
    names = ("inbox", "outbox", "state")
    return {f"BRIDGE_{name.upper()}": str(home / name) for name in names} | {
        "BRIDGE_ROOTS": str(home / "stems")
    }


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    home = tmp_path_factory.mktemp("daemon")
    (home / "stems").mkdir()
    env = environment(home, **folders(home))
    command = [sys.executable, "-m", "bridge.cli", "serve", "--osc", "127.0.0.1:0"]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, cwd=home) as process:
        started = Daemon(home, process)
        until(started.announced, what="the daemon's address")
        yield started
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        assert process.wait(60) in (0, 130) or os.name != "posix"


@pytest.fixture
def stem(daemon: Daemon, vocal: Path, request: pytest.FixtureRequest) -> Path:
    return Path(shutil.copy(vocal, daemon.home / "stems" / f"{request.node.name}.wav"))


def test_send_and_wait_brings_the_result(daemon: Daemon, stem: Path) -> None:
    ran = daemon.run("send", str(stem), "-23 LUFS", "--wait", "--json")
    result = ran.json
    assert ran.code == 0 and result["status"] == "done", ran.out
    assert soundfile.info(result["output"]).frames == soundfile.info(stem).frames
    assert Path(result["output"]).parent == daemon.home / "outbox" / result["job"]


def test_a_job_can_be_listed_shown_and_found_by_a_part_of_its_id(daemon: Daemon, stem: Path) -> None:
    job = daemon.run("send", str(stem), "-24 LUFS", "--wait", "--json").json["job"]
    listed = daemon.run("jobs", "--json").json
    assert job in [row["id"] for row in listed["jobs"]] and listed["counts"]["done"] >= 1
    shown = daemon.run("jobs", "show", job[-6:], "--json").json
    assert shown["job"]["id"] == job and shown["job"]["state"] == "done"
    moves = [event["after"] for event in shown["events"] if event["after"]]
    assert moves[-1] == "done" and moves.index("planned") < moves.index("verifying")
    assert "planned" in daemon.run("jobs", "show", job).out


def test_a_job_that_is_done_cannot_be_cancelled_or_retried(daemon: Daemon, stem: Path) -> None:
    job = daemon.run("send", str(stem), "-25 LUFS", "--wait", "--json").json["job"]
    for verb in ("cancel", "retry"):
        ran = daemon.run("jobs", verb, job, "--json")
        assert ran.code == 2 and "done" in ran.json["error"]["message"]


def test_a_job_can_be_taken_back_and_asked_for_again(daemon: Daemon) -> None:
    """By other processes than the daemon: they share the ledger alone."""
    path = daemon.home / "stems" / "long.wav"
    noise = np.random.default_rng(440).normal(0, 0.05, (240 * 48000, 2)).astype(np.float32)
    soundfile.write(path, noise, 48000, "PCM_16")  # long enough to be at work when it is taken back
    job = daemon.run("send", str(path), "reverb, -20 LUFS", "--json").json["job"]
    assert daemon.run("jobs", "cancel", job).code == 0
    assert ended(daemon, job) == "cancelled"
    assert daemon.run("jobs", "retry", job).code == 0
    assert ended(daemon, job) == "done"
    result = json.loads((daemon.home / "outbox" / job / "result.json").read_text())
    assert (result["status"], result["ok"]) == ("done", True)


def ended(daemon: Daemon, job: str) -> str:
    def final() -> str | None:
        state = str(daemon.run("jobs", "show", job, "--json").json["job"]["state"])
        return state if state in ("done", "failed", "refused", "cancelled") else None

    return str(until(final, 240, f"job {job} ended"))


def test_a_job_that_is_not_there_is_bad_input(daemon: Daemon) -> None:
    ran = daemon.run("jobs", "show", "nonesuch")
    assert ran.code == 2 and "nonesuch" in ran.err


def test_words_that_need_an_answer_come_back_with_code_3(daemon: Daemon, stem: Path) -> None:
    ran = daemon.run("send", str(stem), "what is the weather like tomorrow", "--wait", "--json")
    assert (ran.code, ran.json["status"], ran.json["output"]) == (3, "refused", None)


def test_a_file_outside_of_the_roots_is_refused(daemon: Daemon, vocal: Path) -> None:
    ran = daemon.run("send", str(vocal), "warmer", "--wait", "--json")
    assert ran.code == 2, ran.out


def test_a_second_daemon_on_the_same_state_says_so_and_leaves(daemon: Daemon) -> None:
    ran = run_in(daemon.home, "serve", "--osc", "127.0.0.1:0", **folders(daemon.home))
    assert ran.code == 1 and str(daemon.process.pid) in ran.err


def test_send_without_a_daemon_says_how_to_start_one(tmp_path: Path, vocal: Path) -> None:
    ran = run_in(tmp_path / "home", "send", str(vocal), "warmer")
    assert ran.code == 1 and "dawbridge serve" in ran.err and len(ran.err.splitlines()) == 1


def test_before_the_first_daemon_there_are_no_jobs(tmp_path: Path) -> None:
    ran = run_in(tmp_path / "home", "jobs")
    assert ran.code == 0 and len(ran.out.splitlines()) == 1 and not ran.err
    assert run_in(tmp_path / "home", "jobs", "--json").json["jobs"] == []


def test_the_demo_runs_both_journeys_and_keeps_the_files(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    ran = run_in(
        tmp_path / "home", "demo", "--json", TMPDIR=str(tmp_path / "tmp"), TEMP=str(tmp_path / "tmp")
    )
    assert ran.code == 0, ran.out + ran.err
    first, second = ran.json["results"]
    for result, asked in ((first, -16.0), (second, -18.0)):
        assert result["status"] == "done" and all(check["ok"] for check in result["checks"])
        assert result["after"]["integrated_loudness"]["value"] == pytest.approx(asked, abs=0.1)
        assert not result["unsupported"] and all(step["reason"] for step in result["plan"]["steps"])
        assert Path(result["output"]).is_file() and Path(result["source"]["path"]).is_file()
    assert json.loads((Path(first["output"]).parent / "result.json").read_text(encoding="utf-8")) == first


def written(path: Path, samples: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, 48000, subtype="PCM_24")
    return path


def test_an_impulse_response_is_sent_along_and_another_one_under_its_name_makes_another_job(
    daemon: Daemon, stem: Path
) -> None:
    room = daemon.home / "stems" / "room.wav"
    asked = ("send", str(stem), "some reverb, 30 % mix", "--impulse", str(room), "--wait", "--json")
    results = []
    for seed in (1, 2, 2):
        decay = np.exp(-np.arange(24000) / 4800) * np.random.default_rng(seed).standard_normal(24000)
        if len(results) < 2:
            written(room, 0.1 * decay)
        results.append(daemon.run(*asked).json)
    assert [result["status"] for result in results] == ["done"] * 3
    used = [step["parameters"] for step in results[0]["plan"]["steps"] if "file" in step["parameters"]]
    assert used and used[0]["file"] == str(room)
    assert results[0]["job"] != results[1]["job"] == results[2]["job"]


def test_an_album_sent_to_the_daemon_comes_to_its_loudness(daemon: Daemon) -> None:
    for seed, level in ((1, 0.02), (2, 0.05)):
        noise = level * np.random.default_rng(seed).standard_normal((2 * 48000, 2))
        written(daemon.home / "stems" / "record" / f"{seed}.wav", noise)
    folder = str(daemon.home / "stems" / "record")
    ran = daemon.run("send", folder, "-20 LUFS", "--album", "--wait", "--json")
    assert ran.code == 0, ran.out + ran.err
    (check,) = [check for check in ran.json["checks"] if check["name"] == "album_loudness"]
    assert check["ok"] and list(ran.json["songs"]) == ["1", "2"]


def test_a_conversation_is_gone_on_with_from_the_command_line(daemon: Daemon, stem: Path) -> None:
    first, second = (
        daemon.run("send", str(stem), words, "--talk", "--wait", "--json").json
        for words in ("warmer", "even more")
    )
    assert second["session"]["id"] == first["session"]["id"] and second["session"]["version"] == 2
    other = daemon.run("send", str(stem), "brighter", "--session", "other", "--wait", "--json").json
    assert other["session"]["id"] != first["session"]["id"] and other["session"]["version"] == 1


def test_doctor_finds_the_daemon_at_the_port_that_is_set(daemon: Daemon) -> None:
    port = json.loads(daemon.announcement.read_text())["osc"]["port"]
    ran = run_in(daemon.home, "doctor", "--json", **folders(daemon.home), BRIDGE_OSC_PORT=str(port))
    (found,) = [check["found"] for check in ran.json["checks"] if check["name"] == "osc"]
    assert "answers" in found
