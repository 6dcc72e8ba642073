"""Ctrl-C in the middle of a job: exit code 130, one line, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from tests.cli.conftest import environment
from tests.daemon.living import until


@pytest.fixture
def long_file(tmp_path: Path) -> Path:
    """Ten minutes, so that there is time to change one's mind."""
    path = tmp_path / "long.wav"
    minute = np.random.default_rng(440).normal(0, 0.05, (60 * 48000, 2)).astype(np.float32)
    with soundfile.SoundFile(path, "w", 48000, 2, "PCM_16") as out:
        for _ in range(10):
            out.write(minute)
    return path


@pytest.mark.skipif(os.name == "nt", reason="SIGINT of another process is POSIX's")
def test_ctrl_c_ends_a_job_cleanly(tmp_path: Path, long_file: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    command = [
        sys.executable,
        "-m",
        "bridge.cli",
        "process",
        str(long_file),
        "warmer, wider, -16 LUFS",
        "--json",
    ]
    with subprocess.Popen(
        command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        children = wait_for_a_job(process, tmp_path)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert json.loads(out)["error"]["exit_code"] == 130
    assert b"Traceback" not in err and b"runs again" not in err
    assert sorted(item.name for item in tmp_path.iterdir()) == ["home", "long.wav"]
    assert not psutil.wait_procs(children, timeout=60)[1], "the worker outlived the command"


@pytest.mark.skipif(os.name == "nt", reason="signals of another process are POSIX's")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP"])
def test_the_demo_takes_its_daemon_along(tmp_path: Path, long_file: Path, number: str) -> None:
    """SIGTERM of a supervisor, SIGHUP of a terminal that is closed."""
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "bridge.cli", "demo", str(long_file), "--words", "-16 LUFS"]
    given = environment(tmp_path, TMPDIR=str(tmp_path / "tmp"))
    with subprocess.Popen(
        command, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        children = wait_for_a_worker(process)
        process.send_signal(getattr(signal, number))
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert b"Traceback" not in err
    assert not psutil.wait_procs(children, timeout=60)[1], "the daemon outlived the demo"


def wait_for_a_job(process: subprocess.Popen[bytes], folder: Path) -> list[psutil.Process]:
    """The processes below it, once its own ledger, which lies beside the result to come, knows of a job at work."""
    until(lambda: process.poll() is not None or at_work(folder), what="a job at work")
    assert process.poll() is None, "the command ended by itself"
    return psutil.Process(process.pid).children(recursive=True)


def at_work(folder: Path) -> bool:
    for file in folder.glob(".dawbridge-*/state/ledger.db"):
        with (
            suppress(sqlite3.OperationalError),
            closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as ledger,
        ):
            return bool(ledger.execute("select count(*) from job where attempt > 0").fetchone()[0])
    return False


def wait_for_a_worker(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    def children() -> list[psutil.Process]:
        assert process.poll() is None, "the command ended by itself"
        return psutil.Process(process.pid).children(recursive=True)

    until(children, what="a worker")
    time.sleep(0.5)
    return children()


def test_ctrl_c_while_the_command_is_still_loading_is_one_line_too(tmp_path: Path) -> None:
    """The interrupt arrives in the first import."""
    script = (
        "import sys\n"
        "class Impatient:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'bridge.cli.app':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Impatient())\n"
        "from bridge.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(tmp_path),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr.splitlines()) == (130, [b"dawbridge: interrupted."])
