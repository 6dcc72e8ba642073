"""Memory of a 60-minute file against 4 minutes: fresh processes, peak resident set (VmHWM; Linux).

ru_maxrss would not do: a child inherits there what its parent held when it was forked.

`python -m tests.benchmarks.analysis_memory`. Limits: 250 MB, and 1.3x of the 4 minutes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.analysis_speed import song

PROGRAM = """
import pathlib, re, sys
import numpy as np, soundfile
from bridge.analysis import Analyzer
with soundfile.SoundFile(sys.argv[1]) as file:
    analyzer = Analyzer(file.samplerate, file.channels, without=sys.argv[2].split(","))
    for block in file.blocks(65536, dtype="float32", always_2d=True):
        analyzer.push(np.ascontiguousarray(block.T))
analyzer.result()
print(int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024)
"""


def peak_mb(path: Path, without: str) -> float:
    command = [sys.executable, "-c", PROGRAM, str(path), without]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> bool:
    good = True
    with tempfile.TemporaryDirectory() as folder:
        short, long = Path(folder) / "4.wav", Path(folder) / "60.wav"
        song(short, 4)
        song(long, 60)
        for what, without in (("without tempo and key", "tempo,key"), ("everything", "")):
            four, sixty = peak_mb(short, without), peak_mb(long, without)
            ok = sixty <= 250 and sixty <= 1.3 * four
            told = f"4 min {four:.0f} MB, 60 min {sixty:.0f} MB, ratio {sixty / four:.2f}"
            print(f"{what}: {told}: {'ok' if ok else 'MISSED'}")
            good &= ok
    return good


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
