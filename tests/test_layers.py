"""Every room has its place, and knows only the rooms below it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
][0]
ROOMS = [room.strip() for layer in CONTRACT["layers"] for room in layer.split("|")]


def test_every_package_and_module_of_the_top_level_has_a_row() -> None:
    there = {
        path.stem
        for path in (ROOT / "bridge").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - {"__init__"} == set(ROOMS)
    assert CONTRACT["exhaustive"] is True


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_it_is_about(room: str) -> None:
    assert (import_module(f"bridge.{room}").__doc__ or "").strip()


def test_no_room_imports_from_above_or_beside_itself() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = "import sys, bridge; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert not {"numpy", "scipy", "pydantic", "soundfile", "pedalboard", "click"} & set(loaded.split())
