"""The real command in a home of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import soundfile

from tests.signals import music_like


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as exactly one JSON object on one line."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out + self.err
        found = json.loads(lines[0])
        assert isinstance(found, dict) and found["schema"] == 1
        return found


Run = Callable[..., Ran]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Ours without settings of ours, with every folder of the user below `home`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("BRIDGE_", "XDG_"))}
    return (
        kept
        | {"HOME": str(home), "USERPROFILE": str(home), "XDG_RUNTIME_DIR": str(home), "NO_COLOR": "1"}
        | more
    )


def run_in(home: Path, *arguments: str, cwd: Path | None = None, **more: str) -> Ran:
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "bridge.cli", *arguments]
    done = subprocess.run(
        command, env=environment(home, **more), cwd=cwd or home, capture_output=True, timeout=300, check=False
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode(errors="surrogateescape"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path) -> Run:
    """run("analyze", "a.wav", "--json", cwd=..., BRIDGE_X="...") -> Ran"""
    return lambda *arguments, **more: run_in(home, *arguments, **more)


@pytest.fixture
def run_here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same in this process, where the libraries are loaded already; its workers are real. For tests of what comes
    of a command: what lands on a descriptor, signals and exits are for `run`."""

    def ran(*arguments: str, cwd: Path | None = None, **more: str) -> Ran:
        from bridge.cli.app import run as command

        home.mkdir(exist_ok=True)
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with monkeypatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            given = environment(home, **more)
            for name in set(os.environ) - set(given):
                patch.delenv(name)
            for name, value in given.items():
                patch.setenv(name, value)
            patch.chdir(cwd or home)
            patch.setattr(sys, "stdin", io.StringIO())
            code = command(list(arguments))
        told = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
        return Ran(code, *told)

    return ran


@pytest.fixture(scope="session")
def vocal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds of music-like sound at -20 dBFS peak, 24-bit WAV at 48 kHz; nobody writes beside it."""
    audio = music_like(8.0, level_dbfs_peak=-20.0)
    path = tmp_path_factory.mktemp("sounds") / "vocal.wav"
    soundfile.write(path, audio.samples.T, audio.rate, subtype="PCM_24")
    return path
