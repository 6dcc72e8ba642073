"""`dawbridge chat` as a person uses it: a terminal with arrow keys, Ctrl-C, and a computer that is switched off."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import environment
from tests.cli.talking import sound_at

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX")

PATIENCE_S = 90.0


@pytest.fixture
def vocal_here(tmp_path: Path) -> Path:
    return sound_at(tmp_path / "vocal.wav")


class Terminal:
    """A person at a terminal: types, and reads what comes."""

    def __init__(self, home: Path, *arguments: str) -> None:
        import pty

        home.mkdir(exist_ok=True)
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execve(
                sys.executable, [sys.executable, "-m", "bridge.cli", "chat", *arguments],
                environment(home, TERM="xterm", COLUMNS="200"),
            )  # fmt: skip
        self.seen = ""
        self._at = 0

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def until(self, pattern: str) -> re.Match[str]:
        """The next time that what comes matches."""
        found = self.says(pattern, PATIENCE_S)
        if found is not None:
            return found
        raise AssertionError(f"no {pattern!r} in {self.seen[self._at :]!r} after {self.seen[: self._at]!r}")

    def says(self, pattern: str, patience_s: float) -> re.Match[str] | None:
        """What comes next and matches, None if it does not come in time."""
        import select

        deadline = time.monotonic() + patience_s
        while True:
            found = re.compile(pattern).search(self.seen, self._at)
            if found is not None:
                self._at = found.end()
                return found
            if time.monotonic() >= deadline:
                return None
            if select.select([self._master], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self._master, 65536).decode(errors="replace")
                except OSError:  # Linux: nobody is at the other end any more
                    return None

    def interrupt(self, answer: str) -> None:
        """Ctrl-C at the prompt, and once more if nothing comes: a signal that arrives before Python's readline
        has begun to wait is answered with the next key only."""
        for _ in range(3):
            self.type("\x03")
            if self.says(answer, 10.0):
                return
        raise AssertionError(f"Ctrl-C is not answered after {self.seen!r}")

    def leave(self) -> int:
        """Ctrl-C that ends it, and once more if it does not, for the same reason; the exit code."""
        for _ in range(3):
            self.type("\x03")
            with contextlib.suppress(AssertionError):
                return self.ended(10.0)
        raise AssertionError(f"Ctrl-C does not end it after {self.seen!r}")

    def prompt(self) -> None:
        self.until(r"\n?> ")

    def ended(self, patience_s: float = PATIENCE_S) -> int:
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        raise AssertionError("it does not end")

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._master)


@pytest.fixture
def terminal(home: Path) -> Iterator[Any]:
    opened: list[Terminal] = []

    def open_(*arguments: str) -> Terminal:
        opened.append(Terminal(home, *arguments))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def test_a_person_talks_and_comes_back(terminal, vocal_here):
    first = terminal(str(vocal_here))
    first.until(r"vocal\.wav: 0:03\.0, 48 kHz, stereo, -\d+\.\d LUFS")
    first.prompt()
    first.type("warmer\r")
    first.until(r"1\. equalizer: ")
    first.until(r"because \"warmer\"")
    first.until(r"version 1 \(from the original\): (\S+vocal\.wav)")
    first.prompt()
    first.type("\x1b[A\r")  # arrow up: the line before
    first.until(r"version 2 \(from version 1\)")
    first.prompt()
    first.type("quit\r")
    assert first.ended() == 0
    again = terminal(str(vocal_here))
    again.until(r'continuing: version 2, "warmer"')
    again.prompt()
    again.type("\x1b[A\x1b[A\r")  # two up: over "quit" to what was said the last time
    again.until(r'"warmer": nothing changes by that')
    again.prompt()
    second = terminal(str(vocal_here))
    second.until(r"cannot be opened twice\..*process \d+.*--new")
    assert second.ended() == 1
    again.type("\x04")
    assert again.ended() == 0


def test_ctrl_c_stops_the_render_and_twice_leaves(terminal, tmp_path):
    long = sound_at(tmp_path / "long.wav", 60.0)
    before = hashlib.sha256(long.read_bytes()).hexdigest()
    person = terminal(str(long))
    person.prompt()
    person.type("warmer, add a reverb, -14 LUFS\r")
    person.until(r"long\.wav: (plan|render)")
    person.type("\x03")
    person.until(r"stopped; Ctrl-C again leaves")
    person.prompt()
    person.type("versions\r")
    person.until(r"version 0 is the original, heard now\.")
    person.prompt()
    person.interrupt(r"Ctrl-C again leaves")
    person.prompt()
    assert person.leave() == 130
    assert hashlib.sha256(long.read_bytes()).hexdigest() == before


def test_kill_9_in_mid_turn_loses_nothing(terminal, tmp_path):
    long = sound_at(tmp_path / "long.wav", 30.0)
    person = terminal(str(long))
    person.prompt()
    person.type("3 dB louder\r")
    person.until(r"version 1 \(from the original\)")
    person.prompt()
    person.type("add a delay of 300 ms and a reverb\r")
    person.until(r"long\.wav: (plan|render)")
    os.kill(person.pid, signal.SIGKILL)
    os.waitpid(person.pid, 0)
    person.pid = 0
    again = terminal(str(long))
    again.until(r'continuing: version 1, "3 dB louder"')
    again.until(r'going on with "add a delay of 300 ms and a reverb"')
    again.until(r"version 2 \(from version 1\)")
    again.prompt()
    again.type("undo\r")
    again.until(r'Back to version 1 \("3 dB louder"\)')
