"""Doctor works with everything missing, and its exit code says whether something must be mended."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Run, environment

NOTHING_THERE = """
import sys
from importlib import metadata

MISSING = {"numpy", "scipy", "soundfile", "pedalboard", "sqlalchemy", "pydantic", "platformdirs", "rich", "psutil",
           "watchdog", "pythonosc", "openai", "librosa", "sounddevice", "soxr", "mido", "pyloudnorm"}

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
version = metadata.version
def absent(name):
    if name.lower().replace("-", "_") in MISSING | {"python_osc"}:
        raise metadata.PackageNotFoundError(name)
    return version(name)
metadata.version = absent
from bridge.cli.app import run
sys.exit(run(["doctor", *sys.argv[1:]]))
"""


def bare_doctor(home: Path, *arguments: str) -> Ran:
    """Doctor where no package but click can be imported."""
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-c", NOTHING_THERE, *arguments]
    done = subprocess.run(
        command, env=environment(home), capture_output=True, text=True, check=False, timeout=120
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def by_name(ran: Ran) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for check in ran.json["checks"]:
        assert set(check) == {"name", "status", "found", "mend"}
        assert check["status"] in ("ok", "warn", "fail")
        assert check["status"] == "ok" or check["mend"], check
        found.setdefault(check["name"], []).append(check)
    return found


@pytest.fixture
def quiet_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_machine_with_everything_is_well(run: Run, quiet_port: int) -> None:
    ran = run("doctor", "--json", BRIDGE_OSC_PORT=str(quiet_port))
    assert ran.code == 0 and ran.json["ok"] is True, ran.out
    assert {"python", "packages", "soundfile", "pedalboard", "settings", "inbox", "outbox", "state", "disk", "osc",
            "plugins", "model"} <= set(by_name(ran))  # fmt: skip


def test_doctor_works_with_everything_missing(home: Path) -> None:
    ran = bare_doctor(home, "--json")
    checks = by_name(ran)
    assert ran.code == 1 and ran.json["ok"] is False
    assert checks["python"][0]["status"] == "ok"
    assert checks["packages"][0]["status"] == "fail" and "pydantic" in checks["packages"][0]["found"]
    assert checks["soundfile"][0]["status"] == "fail"
    assert "Traceback" not in ran.err


def test_doctor_tells_people_how_to_mend_it(home: Path) -> None:
    ran = bare_doctor(home)
    assert ran.code == 1 and "FAIL  packages" in ran.out and "pip install" in ran.out


def test_a_port_that_another_program_has_is_a_failure(run: Run) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        ran = run("doctor", "--json", BRIDGE_OSC_PORT=str(port))
    check = by_name(ran)["osc"][0]
    assert ran.code == 1 and check["status"] == "fail" and str(port) in check["found"]


def test_a_file_where_the_inbox_should_be_is_a_failure(run: Run, tmp_path: Path, quiet_port: int) -> None:
    (tmp_path / "inbox").write_text("", encoding="utf-8")
    ran = run("doctor", "--json", BRIDGE_INBOX=str(tmp_path / "inbox"), BRIDGE_OSC_PORT=str(quiet_port))
    check = by_name(ran)["inbox"][0]
    assert ran.code == 1 and check["status"] == "fail" and "not a folder" in check["found"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_a_failure(run: Run, tmp_path: Path, quiet_port: int) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    ran = run("doctor", "--json", BRIDGE_OUTBOX=str(tmp_path / "out"), BRIDGE_OSC_PORT=str(quiet_port))
    assert ran.code == 1 and by_name(ran)["outbox"][0]["status"] == "fail"


def test_a_bad_setting_is_named(run: Run) -> None:
    ran = run("doctor", "--json", BRIDGE_OSC_PORT="many")
    assert ran.code == 1 and "osc_port" in by_name(ran)["settings"][0]["found"]


def test_a_model_that_does_not_answer_is_a_warning(run: Run, quiet_port: int) -> None:
    url = f"http://127.0.0.1:{quiet_port}/v1"
    ran = run(
        "doctor", "--json", BRIDGE_OSC_PORT=str(quiet_port), BRIDGE_MODEL_BASE_URL=url, BRIDGE_MODEL_NAME="m",
        BRIDGE_MODEL_API_KEY="s3cr3t",
    )  # fmt: skip
    check = by_name(ran)["model"][-1]
    assert ran.code == 0 and check["status"] == "warn" and url in check["found"]
    assert "s3cr3t" not in ran.out + ran.err


def test_json_is_one_line_that_parses(run: Run, quiet_port: int) -> None:
    json.loads(run("doctor", "--json", BRIDGE_OSC_PORT=str(quiet_port)).out)
