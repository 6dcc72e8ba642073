"""Words that speak of the turn before, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


@pytest.mark.parametrize("command", ["plan", "process"])
def test_undo_is_refused_with_the_reason_since_a_plan_is_one_turn(
    run: Run, vocal: Path, tmp_path: Path, command: str
) -> None:
    before = tmp_path / "before.json"
    before.write_text(run("plan", str(vocal), "warmer", "--json").out)
    ran = run(command, str(vocal), "undo", "--previous", str(before))
    assert ran.code == 2
    assert "use the plan before it" in ran.err
