"""Cold start: a fresh interpreter that measures a 30 s file, against one that only imports scipy.signal.

`python -m tests.benchmarks.cold_analyze`: CPU seconds of child processes, best of five, taken in turns. Limit: 2x.
The very first run after an installation also writes byte code; it is shown, without a limit.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import soundfile

from tests.signals import music_like

LIMIT = 2.0
TURNS = 5


def child_cpu_s(command: list[str], **extra: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **extra})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thirty.wav"
        audio = music_like(30)
        soundfile.write(path, audio.samples.T, audio.rate, subtype="PCM_24")
        start = [sys.executable, "-c", "from bridge.cli import main; main()"]
        analyze = [*start, "analyze", str(path), "--without", "tempo,key", "--json"]
        signal = [sys.executable, "-c", "import scipy.signal"]
        first = child_cpu_s(analyze, PYTHONPYCACHEPREFIX=str(Path(folder) / "pycache"))
        own, peer = [], []
        for _ in range(TURNS):
            own.append(child_cpu_s(analyze))
            peer.append(child_cpu_s(signal))
    ratio = min(own) / min(peer)
    print(f"first run, nothing compiled: {first:.2f} s")
    print(f"analyze 30 s: {min(own):.2f} s, import scipy.signal: {min(peer):.2f} s")
    print(f"ratio {ratio:.2f}, limit {LIMIT}: {'ok' if ratio <= LIMIT else 'MISSED'}")
    return ratio <= LIMIT


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
