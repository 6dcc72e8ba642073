"""Jobs through the real daemon with a plugin that crashes in a fifth of its lives, and the account of them."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

import bridge
from bridge.hosting import Catalogue
from tests.daemon.living import Daemon, living
from tests.hosting import bundles
from tests.signals import white

CHANCE = 0.2
AFTER = 500_000
"""Frames after which it crashes, so that no scan sees it."""
NAME = "Fickle"


@dataclass(frozen=True)
class Account:
    """What became of the jobs. deaths: of render workers, as the jobs' histories have them. strikes: as counted
    against the plugin, forgiven ones too."""

    jobs: int
    done: int
    crashed: int
    quarantined: int
    unexplained: int
    broken: int
    deaths: int
    strikes: int
    alive: bool

    @property
    def lost(self) -> int:
        return self.jobs - self.done - self.crashed - self.quarantined


def soak(home: Path, library: Path, jobs: int, forgiving: bool, timeout_s: float = 900.0) -> Account:
    """forgiving: strikes are forgiven all the while, so that the plugin crashes from the first job to the last."""
    plugins = home / "plugins"
    plugins.mkdir(parents=True)
    bundle = bundles.bundle(library, plugins, NAME, fault="crash", after=AFTER, chance=CHANCE)
    os.environ["VST3_PATH"] = str(plugins)
    noise = white(-20, 10.6, channels=1)
    with living(home / "home", workers=2) as daemon:
        catalogue = Catalogue(daemon.state / "plugins")
        with _forgiven(catalogue, bundle) if forgiving else contextlib.nullcontext():
            stems = [_dropped(daemon, f"stem{number}.wav", noise) for number in range(jobs)]
            results = [daemon.result_of(stem, timeout_s) for stem in stems]
        return _account(daemon, results, noise.frames)


def _dropped(daemon: Daemon, name: str, audio: bridge.Audio) -> Path:
    path = daemon.inbox / name
    (daemon.inbox / f"{name}.txt").write_text(f"use {NAME}")
    bridge.write(path, audio)
    return path


@contextlib.contextmanager
def _forgiven(catalogue: Catalogue, bundle: Path) -> Iterator[None]:
    over = threading.Event()

    def forgive() -> None:
        while not over.wait(0.02):
            if catalogue.strikes.of(bundle):
                catalogue.strikes.forgive(bundle)

    thread = threading.Thread(target=forgive)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _account(daemon: Daemon, results: list[dict[str, Any]], frames: int) -> Account:
    done = [result for result in results if result["status"] == "done"]
    reasons = [result["reason"] or "" for result in results if result["status"] in ("failed", "refused")]
    quarantined = sum(reason.startswith(f"Plugin {NAME} is in quarantine") for reason in reasons)
    crashed = sum(reason.startswith(f"Plugin {NAME} crashed") for reason in reasons)
    return Account(
        jobs=len({result["job"] for result in results}),
        done=len(done),
        crashed=crashed,
        quarantined=quarantined,
        unexplained=len(reasons) - crashed - quarantined,
        broken=sum(not _whole(result, frames) for result in done),
        deaths=_deaths(daemon),
        strikes=_strikes(daemon),
        alive=daemon.alive(),
    )


def _whole(result: dict[str, Any], frames: int) -> bool:
    """Whether the file is there in full and the plugin has played in it."""
    steps = [step["effect"] for step in result["plan"]["steps"]]
    return (
        soundfile.info(result["output"]).frames == frames
        and steps == ["hosted_plugin"]
        and not result.get("replaced")
    )


def _deaths(daemon: Daemon) -> int:
    """Of render workers, as the daemon logged them."""
    return sum("in a render worker" in line["event"] for line in daemon.log_lines)


def _strikes(daemon: Daemon) -> int:
    """Crashes that were written down, forgiven or not."""
    path = daemon.state / "plugins" / "strikes.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return sum(json.loads(line)["fault"] == "crashed" for line in lines)
