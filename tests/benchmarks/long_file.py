"""An hour of audio through a worker process, file to file: at most 250 MB of resident memory.

`python -m tests.benchmarks.long_file [MINUTES]`. Peak memory is the kernel's own high-water mark (VmHWM; Linux).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import soundfile

from bridge.bootstrap.worker import worker_setup
from bridge.config import Settings
from bridge.jobs.spec import JobSpec
from bridge.processes import Child, Limits
from tests import signals

LIMIT_MB = 250.0
RATE = 44100

WISHES = (
    "gain staging to -18 dBFS RMS with true peak at most -6 dBTP",
    "high-pass at 40 Hz, cut 3 dB at 250 Hz Q 2, compress gently, -14 LUFS, ceiling -1 dBTP",
)


def main(minutes: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        path = _long_sound(home / "inbox" / "long.wav", minutes)
        peaks = [_peak_mb(home, path, words, minutes) for words in WISHES]
    verdict = "ok" if max(peaks) <= LIMIT_MB else "MISSED"
    print(f"{minutes} minutes, highest {max(peaks):.0f} MB, limit {LIMIT_MB:g} MB: {verdict}")
    return 0 if verdict == "ok" else 1


def _long_sound(path: Path, minutes: int) -> Path:
    path.parent.mkdir(parents=True)
    minute = signals.music_like(60.0, RATE).samples.T
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        for _ in range(minutes):
            file.write(minute)
    return path


def _peak_mb(home: Path, path: Path, words: str, minutes: int) -> float:
    for folder in ("outbox", "state"):
        (home / folder).mkdir(exist_ok=True)
    settings = Settings(inbox=home / "inbox", outbox=home / "outbox", state=home / "state")
    child = Child("bridge.bootstrap.worker", limits=Limits(memory_mb=4096), log_path=home / "worker.log")
    try:
        setup = worker_setup(settings)
        child.call({"kind": "setup", "settings": dict(setup.settings), "spool": str(home / "state")})
        began = time.monotonic()
        plan = JobSpec(job="long", attempt=1, phase="plan", path=str(path), request=words)
        planned = child.call({"kind": "job", "spec": plan.to_json()})["result"]
        output = home / "outbox" / ".bridge-long.tmp"
        render = {
            **plan.to_json(), "phase": "render", "plan": planned["outcome"]["plan"], "source": planned["source"],
            "before": planned["before"], "output": str(output), "name": planned["name"],
        }  # fmt: skip
        rendered = child.call({"kind": "job", "spec": render})["result"]
        seconds = time.monotonic() - began
        assert soundfile.info(str(output)).frames == minutes * 60 * RATE, json.dumps(rendered["checks"])
        output.unlink()
        peak = _high_water_mb(child.pid)
    finally:
        child.close()
    missed = [check["name"] for check in rendered["checks"] if not check["ok"]]
    print(f"{words!r}: {seconds:.0f} s, peak {peak:.0f} MB, missed checks: {missed or 'none'}")
    return peak


def _high_water_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 60))
