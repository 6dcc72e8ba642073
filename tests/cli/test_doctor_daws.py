"""Doctor says why a DAW does not answer, by whom its port is taken, and how the scripts in it stand."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.cli.health import daws
from bridge.cli.health.daws import Door, knocked, mailbox, scripts
from bridge.cli.health.programs import holder, running
from bridge.config import Settings
from bridge.daws.scripts import manifest
from bridge.daws.scripts.installing import carry_out, planned
from bridge.daws.scripts.shipped import CONFIG, shipped


@pytest.fixture
def taken() -> Iterator[int]:
    """A UDP port that this very process has, and on which it answers nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
        mine.bind(("127.0.0.1", 0))
        yield int(mine.getsockname()[1])


@pytest.fixture
def free() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def door(port: int, answers: bool = False) -> Door:
    return Door("ardour", "ardour", "127.0.0.1", port, lambda: answers, lambda: "switch OSC on")


def runs(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(daws, "running", lambda pattern: what)


def test_a_daw_that_does_not_run_is_nothing_to_mend(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    runs(monkeypatch, "")
    told = knocked(door(free))
    assert told.status == "ok" and "does not run" in told.found


def test_a_daw_that_runs_without_its_port_is_told_what_to_switch_on(
    monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    runs(monkeypatch, "hardour-7.3.0 (pid 1)")
    told = knocked(door(free))
    assert (
        told.status == "warn" and "hardour-7.3.0 (pid 1) runs" in told.found and told.mend == "switch OSC on"
    )


def test_one_that_answers_is_well(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    runs(monkeypatch, "ardour (pid 1)")
    assert knocked(door(taken, answers=True)).found == f"answers at 127.0.0.1:{taken}"


def test_another_program_on_the_port_is_named(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    runs(monkeypatch, "")
    told = knocked(door(taken))
    assert (
        told.status == "warn" and f"(pid {os.getpid()})" in told.found and "close that program" in told.mend
    )


def test_a_daw_that_has_its_port_and_does_not_answer_need_not_be_closed(
    monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    runs(monkeypatch, holder(taken))
    assert knocked(door(taken)).mend == "switch OSC on"


def test_a_port_that_nobody_has_is_nobodys(free: int) -> None:
    assert holder(free) == "another program"


def test_programs_are_found_by_their_whole_name() -> None:
    import psutil

    assert running(re.escape(psutil.Process().name())).startswith(psutil.Process().name())
    assert running("no program is called so") == ""


@pytest.mark.parametrize(
    ("daw", "name"),
    [("ardour", "hardour-7.3.0~ds0"), ("ardour", "ardour-8.4.0"), ("ardour", "Ardour8.exe"), ("reaper", "REAPER"),
     ("reaper", "reaper.exe"), ("ableton", "Live"), ("ableton", "Ableton Live 12 Suite.exe")],
)  # fmt: skip
def test_daws_are_known_by_what_they_are_called_on_each_system(daw: str, name: str) -> None:
    assert re.fullmatch(daws.PROGRAMS[daw], name, re.IGNORECASE)


# -- scripts -------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    return Settings(state=tmp_path / "state")


@pytest.fixture
def installed(tmp_path: Path, settings: Settings) -> Path:
    root = tmp_path / "portable"
    carry_out(planned("reaper", root, shipped("reaper", settings)), "0.0.1")
    manifest.remember(settings.state, "reaper", root, there=True)
    return root


def test_where_nothing_is_installed_it_says_how(settings: Settings, tmp_path: Path) -> None:
    (told,) = scripts("reaper", settings)
    assert told.status == "ok" and "no reaper" in told.found
    (tmp_path / ".config/REAPER").mkdir(parents=True)
    (told,) = scripts("reaper", settings)
    assert told.status == "ok" and "install-script reaper" in told.found


def test_scripts_as_this_version_has_them_are_well_wherever_they_are(
    settings: Settings, installed: Path
) -> None:
    (told,) = scripts("reaper", settings)
    assert told.status == "ok" and str(installed) in told.found


def older(root: Path) -> None:
    """As if an earlier version had put its own script there."""
    path = root / "Scripts/dawbridge/mailbox.lua"
    path.write_bytes(b"-- of an earlier version")
    kept = manifest.read(root, "reaper")
    import hashlib

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write(
        root, "reaper", manifest.Manifest("0.0.1", {**kept.files, "Scripts/dawbridge/mailbox.lua": digest})
    )


def test_scripts_of_an_older_version_are_told_with_what_to_do(settings: Settings, installed: Path) -> None:
    older(installed)
    (told,) = scripts("reaper", settings)
    assert told.status == "warn" and "1 of version 0.0.1" in told.found
    assert told.mend == "dawbridge install-script reaper"


def test_scripts_that_the_user_has_changed_are_the_users(settings: Settings, installed: Path) -> None:
    (installed / "Scripts/dawbridge/mailbox.lua").write_bytes(b"-- mine")
    (told,) = scripts("reaper", settings)
    assert told.status == "ok" and "1 changed by you" in told.found


def test_a_script_that_was_taken_away_is_missed(settings: Settings, installed: Path) -> None:
    (installed / "Scripts/dawbridge/mailbox.lua").unlink()
    (told,) = scripts("reaper", settings)
    assert told.status == "warn" and "1 are missing" in told.found


def test_scripts_that_look_for_another_state_folder_are_told(
    settings: Settings, installed: Path, tmp_path: Path
) -> None:
    moved = settings.model_copy(update={"outbox": tmp_path / "elsewhere"})
    assert (installed / "Scripts/dawbridge" / CONFIG).is_file()
    (told,) = scripts("reaper", moved)
    assert told.status == "warn" and "other folders" in told.found


# -- the mailbox -----------------------------------------------------------------------------------------


def beat(settings: Settings, content: str) -> None:
    folder = settings.state / "mailbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "heartbeat.json").write_text(content, encoding="utf-8")


def test_without_a_daemon_the_mailbox_is_said_to_need_one(settings: Settings) -> None:
    told = mailbox(settings, 1000.0)
    assert told.status == "ok" and "dawbridge serve" in told.found


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (json.dumps({"at": 999, "version": "0.1.0"}), "ok", "looks into"),
        (json.dumps({"at": 900, "version": "0.1.0"}), "warn", "100 s old"),
        (json.dumps({"at": 999, "version": "0.0.1"}), "warn", "0.0.1"),
        ("{", "warn", "cannot be read"),
        ("[]", "warn", "cannot be read"),
        ("{}", "warn", "cannot be read"),
    ],
)
def test_a_heartbeat_says_whether_scripts_are_heard(
    settings: Settings, content: str, status: str, said: str
) -> None:
    beat(settings, content)
    told = mailbox(settings, 1000.0)
    assert (told.status, said in told.found) == (status, True)
    assert told.status == "ok" or told.mend
