"""What a model's server that hangs costs over its budget: on the command line and in the daemon.

`python -m tests.benchmarks.model_hang [--budget S]`. What the planner itself says it took, and the CPU time of
`dawbridge plan` over that of the same words offline: mostly of the model's library being loaded.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import soundfile

from bridge.osc.client import new_id
from bridge.osc.messages import Process
from tests.benchmarks.figure import say
from tests.daemon.living import PATIENCE_S, Daemon, living
from tests.llm.wire import hangs, serving
from tests.signals import music_like

WORDS = "a bit warmer"


def main() -> bool:
    parser = argparse.ArgumentParser()
    parser.add_argument("--budget", type=float, default=2.0)
    budget_s = parser.parse_args().budget
    with tempfile.TemporaryDirectory() as folder, serving(hangs()) as wire:
        path = Path(folder) / "stems" / "vocal.wav"
        path.parent.mkdir()
        audio = music_like(3.0, level_dbfs_peak=-12.0)
        soundfile.write(path, audio.samples.T, audio.rate, subtype="PCM_24")
        given = {"model_base_url": wire.base_url, "model_name": "tiny", "model_budget_s": budget_s}
        with living(Path(folder), roots=str(path.parent), **given) as daemon:
            in_daemon = _by_the_daemon(daemon, path)
            offline_s = min(_planned(daemon, path, "--planner", "offline")[1] for _ in range(2))
            on_cli, cpu_s = _planned(daemon, path)
    return all(
        [
            say("daemon, over the budget", in_daemon["usage"]["seconds"] - budget_s, 1, "s"),
            say("command line, over the budget", on_cli["usage"]["seconds"] - budget_s, 1, "s"),
            say("command line, CPU time over offline", cpu_s - offline_s, 1, "s"),
        ]
    )


def _by_the_daemon(daemon: Daemon, path: Path) -> dict[str, Any]:
    with daemon.client() as client:
        message = Process(new_id(), str(path), WORDS, "")
        client.request(message)
        answer = client.wait(message, timeout_s=PATIENCE_S)
    planner: dict[str, Any] = json.loads(Path(answer.path).read_text())["planner"]
    return planner


def _planned(daemon: Daemon, path: Path, *more: str) -> tuple[dict[str, Any], float]:
    before_s = _cpu_s()
    done = subprocess.run(
        [sys.executable, "-m", "bridge.cli", "plan", str(path), WORDS, "--json", *more],
        env=daemon.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)["plan"]["planner"], _cpu_s() - before_s


def _cpu_s() -> float:
    """Of all child processes that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
