"""Help is quick because it loads nothing, and names every command and every option."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import click
import pytest

from bridge.cli.app import COMMANDS, group, module_of
from bridge.cli.readings import figure
from tests.cli.conftest import Run

HEAVY = {
    "numpy", "scipy", "soundfile", "soxr", "pedalboard", "librosa", "numba", "pyloudnorm", "sounddevice",
    "openai", "httpx", "sqlalchemy", "pydantic", "watchdog", "rich", "pythonosc", "mido", "asyncio", "psutil",
}  # fmt: skip


def loaded_by(*arguments: str) -> set[str]:
    """Top-level modules that one command line leaves in sys.modules."""
    code = f"import sys; from bridge.cli.app import run; run({list(arguments)!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return {name.partition(".")[0] for name in done.stderr.split()}


def test_help_loads_no_audio_model_or_web_library() -> None:
    assert loaded_by("--help") & HEAVY == set()


def test_the_check_above_sees_what_is_loaded() -> None:
    assert "pydantic" in loaded_by("config", "--json")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_loads_no_audio_library(name: str) -> None:
    assert loaded_by(name, "--help") & HEAVY == set()


def commands() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name in COMMANDS:
        command: click.Command = import_module(module_of(name)).command
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {key}", sub) for key, sub in command.commands.items()]
    return found


@pytest.mark.parametrize(("path", "command"), commands())
def test_every_command_takes_json_and_explains_its_options(path: str, command: click.Command) -> None:
    options = [item for item in command.params if isinstance(item, click.Option)]
    assert command.help, path
    assert all(option.help for option in options), path
    if not isinstance(command, click.Group) or command.invoke_without_command:
        assert "--json" in {flag for option in options for flag in option.opts}, path


def test_every_listed_command_has_a_sentence() -> None:
    assert all(sentence.endswith(".") for sentence in COMMANDS.values())
    assert set(group.list_commands(click.Context(group))) == set(COMMANDS)


@pytest.mark.parametrize("arguments", [(), ("plugins",)])
def test_a_group_alone_shows_its_help_as_lines(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.code == 2 and ran.out == ""
    assert ran.err.splitlines()[0].startswith("Usage: dawbridge") and "\\n" not in ran.err


def test_a_group_alone_is_one_json_object_too(run: Run) -> None:
    ran = run("plugins", "--json")
    assert ran.code == 2 and ran.json["error"]["exit_code"] == 2


def test_a_reading_that_rounds_to_nothing_has_no_sign() -> None:
    assert figure({"value": -0.0012, "unit": "%"}) == "0.00 %"
    assert figure({"value": -0.5, "unit": "%"}) == "-0.50 %"
