from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bridge.errors import Unavailable
from bridge.store.lock import StateLock

ROOT = Path(__file__).parents[2]

HOLD = """
import sys
from pathlib import Path
from bridge.store.lock import StateLock
StateLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_has_it(tmp_path):
    with holder(tmp_path) as process:
        with pytest.raises(
            Unavailable, match=rf"process {process.pid}\) works on the state folder {tmp_path}"
        ):
            StateLock(tmp_path).acquire()
        process.communicate("")


def test_a_killed_holder_leaves_it_free(tmp_path):
    with holder(tmp_path) as process:
        process.kill()
        process.communicate()
    with StateLock(tmp_path) as lock:
        assert lock.held
    assert not lock.held


def test_it_makes_the_folder(tmp_path):
    with StateLock(tmp_path / "a" / "state"):
        assert (tmp_path / "a" / "state" / ".bridge.lock").exists()
