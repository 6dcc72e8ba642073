"""The real daemon as a child process in a home of its own, and what tests need to speak to it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bridge.osc.client import Client, new_id
from bridge.osc.messages import Ping

PATIENCE_S = 60.0

QUIET: dict[str, Any] = {"background_scan": False}
"""No test waits for, or is slowed by, what the daemon does in its spare time, unless it asks for that."""


def until(ready, timeout_s: float = PATIENCE_S, what: str = ""):
    """What `ready()` gives, once it gives something; fails after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        got = ready()
        if got:
            return got
        time.sleep(0.02)
    raise AssertionError(f"not within {timeout_s} s: {what or ready}")


class Daemon:
    """One home; `start` and `stop` may follow each other."""

    command: tuple[str, ...] = ("-m", "bridge.daemon")
    """Of the interpreter; `before` stands in front of it."""
    before: tuple[str, ...] = ()

    def __init__(self, home: Path, **settings: Any) -> None:
        self.home = home
        self.inbox, self.outbox, self.state = (home / name for name in ("inbox", "outbox", "state"))
        self.runtime = home / "runtime"
        for folder in (self.inbox, self.runtime):
            folder.mkdir(parents=True, exist_ok=True)
        self.settings = {
            "osc_port": 0,
            "settle_s": 0.3,
            "workers": 1,
            "log_format": "json",
            **QUIET,
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.log_path = home / "stderr.log"

    @property
    def environment(self) -> dict[str, str]:
        given = {name: value for name, value in os.environ.items() if not name.startswith("BRIDGE_")}
        folders = {name: getattr(self, name) for name in ("inbox", "outbox", "state")}
        ours = {f"BRIDGE_{name.upper()}": str(value) for name, value in {**folders, **self.settings}.items()}
        home = {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CONFIG_HOME": str(self.home / "c"),
        }
        return {**given, **home, **ours}

    def spawn(self) -> subprocess.Popen[bytes]:
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                [*self.before, sys.executable, *self.command],
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def start(self) -> Daemon:
        self.process = self.spawn()
        until(self._serves, what=f"serving; its log: {self.log}")
        return self

    def _serves(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log
        found = self.discovery
        return bool(found) and found["pid"] == self.process.pid

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    @property
    def discovery_file(self) -> Path:
        return self.runtime / "dawbridge" / "dawbridge.json"

    @property
    def discovery(self) -> dict[str, Any] | None:
        with contextlib.suppress(FileNotFoundError):
            return json.loads(self.discovery_file.read_text())
        return None

    @property
    def address(self) -> tuple[str, int]:
        osc = self.discovery["osc"]
        return osc["host"], osc["port"]

    def client(self, **options: Any) -> Client:
        return Client(*self.address, token=self.discovery.get("token"), **options)

    @property
    def log(self) -> str:
        return self.log_path.read_text() if self.log_path.exists() else ""

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]

    def alive(self) -> bool:
        """Whether the process that was started still answers."""
        with self.client() as client:
            return client.request(Ping(new_id())).verdict == "accepted" and self.process.poll() is None

    @property
    def aside(self) -> Path:
        """An allowed folder that nobody watches: what is asked for over OSC there is not dropped as well."""
        folder = self.outbox / "aside"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    # -- results -----------------------------------------------------------------------------------------------------

    def results(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.outbox.glob("*/result.json"))]

    def results_of(self, path: Path | str) -> list[dict[str, Any]]:
        return [result for result in self.results() if result["source"]["path"] == str(path)]

    def result_of(self, path: Path | str, timeout_s: float = PATIENCE_S) -> dict[str, Any]:
        """The one result of a file."""
        found = until(
            lambda: self.results_of(path), timeout_s, f"a result for {path}; the log: {self.log[-3000:]}"
        )
        assert len(found) == 1, found
        return found[0]


@contextlib.contextmanager
def living(home: Path, kind: type[Daemon] = Daemon, **settings: Any) -> Iterator[Daemon]:
    """A daemon that serves; killed at the end if it still runs."""
    daemon = kind(home, **settings)
    try:
        yield daemon.start()
    finally:
        if daemon.process is not None and daemon.process.poll() is None:
            daemon.process.terminate()
            try:
                daemon.process.wait(20)
            except subprocess.TimeoutExpired:
                daemon.process.kill()
                daemon.process.wait()
