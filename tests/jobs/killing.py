"""Random kill -9 of a daemon and its workers while jobs run; seeded, so that a find can be looked at again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil

from bridge.jobs import Ledger
from bridge.osc.messages import Process
from tests.daemon.living import Daemon, until
from tests.jobs.desk import ROOT, sound_at
from tests.jobs.invariants import broken_outputs, digest, faults_of


class Victim(Protocol):
    home: Path

    def start(self) -> None:
        """Returns once it serves."""

    def process(self) -> subprocess.Popen[bytes]: ...

    def resend(self) -> None:
        """What impatient clients do after a restart."""


@dataclass
class Havoc:
    """What was done and what came of it."""

    daemon_kills: int = 0
    worker_kills: int = 0
    restarts_s: list[float] = field(default_factory=list)
    restarts_cpu_s: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)


def rampage(victim: Victim, inputs: dict[Path, str], kills: int, seed: int, pause_s: float) -> Havoc:
    """Kills `kills` times at random moments, then lets everything end and checks the invariants.

    pause_s: the mean time between two kills; longer ones are as likely as shorter ones.
    """
    chance, havoc = random.Random(seed), Havoc()
    _started(victim, havoc)
    while havoc.daemon_kills + havoc.worker_kills < kills:
        time.sleep(chance.uniform(0, 2 * pause_s))
        worker = _a_worker(victim.process(), chance)
        if worker is not None and chance.random() < 0.5:
            worker.kill()
            havoc.worker_kills += 1
        elif victim.process().poll() is None:
            victim.process().kill()
            victim.process().wait()
            havoc.daemon_kills += 1
        if victim.process().poll() is not None:
            havoc.faults += [
                f"visible after kill {havoc.daemon_kills}: {f}"
                for f in broken_outputs(victim.home / "outbox")
            ]
            _started(victim, havoc)
    until(lambda: _settled(victim.home, len(inputs)), 600, "all jobs ended")
    victim.process().terminate()
    victim.process().wait(60)
    havoc.faults += faults_of(victim.home, inputs)
    havoc.states = _states(victim.home)
    return havoc


def _started(victim: Victim, havoc: Havoc) -> None:
    began = time.monotonic()
    victim.start()
    havoc.restarts_s.append(time.monotonic() - began)
    spent = psutil.Process(victim.process().pid).cpu_times()
    havoc.restarts_cpu_s.append(spent.user + spent.system)
    victim.resend()


def _a_worker(process: subprocess.Popen[bytes], chance: random.Random) -> psutil.Process | None:
    try:
        children = psutil.Process(process.pid).children()
    except psutil.NoSuchProcess:
        return None
    return chance.choice(children) if children else None


def _settled(home: Path, count: int) -> bool:
    return len(list((home / "outbox").glob("*/result.json"))) >= count and not _unfinished(home)


def _unfinished(home: Path) -> bool:
    with Ledger.open(home / "state", owner=False) as ledger:
        return ledger.runs.unfinished() or bool(ledger.runs.owed(1))


def _states(home: Path) -> dict[str, int]:
    with Ledger.open(home / "state", owner=False) as ledger:
        return {str(state): count for state, count in ledger.counts().items()}


class DeskVictim:
    """Ledger and dispatcher with stand-in workers."""

    def __init__(self, home: Path, workers: int = 2) -> None:
        self.home = home
        self._command = [
            sys.executable,
            "-m",
            "tests.jobs.desk_process",
            str(home),
            "gain -6",
            str(workers),
            "stay",
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, env=environment, stdout=subprocess.PIPE, stderr=quiet)
        assert self._process.stdout is not None
        with self._process.stdout as told:
            assert told.readline() == b"serving\n"

    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def resend(self) -> None:
        return


class DaemonVictim:
    """The real daemon. wishes: id -> (path, words) that a client sends over OSC, again after every restart."""

    def __init__(self, home: Path, wishes: dict[str, tuple[Path, str]], workers: int = 2) -> None:
        self.home = home
        self._wishes = wishes
        self._daemon = Daemon(home, workers=workers, settle_s=0.05, roots=home / "elsewhere")

    def start(self) -> None:
        self._daemon.start()

    def process(self) -> subprocess.Popen[bytes]:
        assert self._daemon.process is not None
        return self._daemon.process

    def resend(self) -> None:
        with self._daemon.client() as client:
            for id, (path, words) in self._wishes.items():
                verdict = client.request(Process(id, str(path), words)).verdict
                assert verdict in ("accepted", "duplicate"), verdict


def dropped(home: Path, count: int, seed: int, longest_s: float) -> dict[Path, str]:
    """Sounds in the inbox, every third with words of its own."""
    chance = random.Random(seed)
    inputs = {}
    for n in range(count):
        path = home / "inbox" / f"take {n:03}.wav"
        if n % 3 == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_name(path.name + ".txt").write_text("warmer, -16 LUFS")
        sound_at(path, seconds=chance.uniform(0.5, longest_s), seed=seed * 1000 + n)
        inputs[path] = digest(path)
    return inputs


def wished(home: Path, count: int, seed: int, longest_s: float) -> dict[str, tuple[Path, str]]:
    """Sounds outside of the inbox, for requests over OSC."""
    chance = random.Random(seed + 1)
    wishes = {}
    for n in range(count):
        path = sound_at(home / "elsewhere" / f"{n}.wav", seconds=chance.uniform(0.5, longest_s), seed=n)
        wishes[f"reaper-{n}"] = (path, f"cut {1 + n % 6} dB at 250 Hz")
    return wishes
