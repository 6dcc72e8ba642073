"""`dawbridge install-script` in a home of its own: told, done, done again, taken away."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def to(tmp_path: Path) -> str:
    return str(tmp_path / "REAPER")


def test_it_installs_says_what_comes_next_and_does_nothing_the_second_time(run_here: Run, to: str) -> None:
    first = run_here("install-script", "reaper", "--to", to)
    assert first.code == 0 and "is put there" in first.out and "Load ReaScript" in first.out
    second = run_here("install-script", "reaper", "--to", to)
    assert second.code == 0 and "Everything is there already" in second.out


def test_a_dry_run_tells_the_same_and_touches_nothing(run_here: Run, to: str) -> None:
    told = run_here("install-script", "reaper", "--to", to, "--dry-run", "--json")
    assert told.code == 0 and told.json["done"] is False and not Path(to).exists()
    done = run_here("install-script", "reaper", "--to", to, "--json")
    assert done.json["files"] == told.json["files"] and done.json["done"] is True


def test_the_configuration_beside_the_scripts_names_the_state_folder(
    run_here: Run, to: str, tmp_path: Path
) -> None:
    run_here("install-script", "reaper", "--to", to, BRIDGE_STATE=str(tmp_path / "state"))
    config = json.loads((Path(to) / "Scripts/dawbridge/dawbridge_config.json").read_text("ascii"))
    assert config["state"] == str(tmp_path / "state")


def test_it_is_taken_away_again(run_here: Run, to: str) -> None:
    run_here("install-script", "reaper", "--to", to)
    gone = run_here("install-script", "reaper", "--to", to, "--remove", "--json")
    assert gone.code == 0 and {one["change"] for one in gone.json["files"]} == {"removed"}
    assert not any(Path(to).iterdir())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the folder of Linux")
def test_a_reaper_that_was_started_once_is_found(run_here: Run, home: Path) -> None:
    (home / ".config/REAPER").mkdir(parents=True)
    done = run_here("install-script", "reaper", "--json")
    assert done.code == 0 and done.json["folder"] == str(home / ".config/REAPER")


def test_a_daw_that_is_not_there_is_one_line_and_exit_code_one(run_here: Run) -> None:
    ran = run_here("install-script", "reaper", "--json")
    assert ran.code == 1 and "--to DIR" in ran.json["error"]["message"]
    assert len(ran.err.splitlines()) == 1


def test_ardour_needs_no_script_and_is_told_what_to_switch_on(run_here: Run, tmp_path: Path) -> None:
    ran = run_here("install-script", "ardour", "--to", str(tmp_path / "scripts"))
    assert ran.code == 0 and "Open Sound Control" in ran.out
