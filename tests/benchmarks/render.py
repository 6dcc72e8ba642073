"""Memory of long renders.

    python -m tests.benchmarks.render

Prints the peak resident memory of rendering 4 and 60 minutes through five steps, one of which must hear everything
first (limit 250 MB, and the hour at most 1.3 times the 4 minutes), each in a process of its own. Each effect by itself:
`python -m tests.benchmarks.effects_speed`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

LIMIT_MB = 250

PROGRAM = """
import resource, sys, tempfile
from pathlib import Path
import numpy as np
from bridge.planning.plan import Plan, Step
from bridge.rendering.render import render_stream
from tests import signals

class Loop:
    rate, channels = 48000, 2
    frames = int(sys.argv[1]) * 60 * 48000
    piece = signals.music_like(2.0).samples
    def blocks(self, frames=65536):
        for start in range(0, self.frames, frames):
            at = np.arange(start, min(start + frames, self.frames)) % self.piece.shape[1]
            yield self.piece[:, at]

steps = [
    ("equalizer", {"bands": [{"kind": "high_pass", "frequency_hz": 40}, {"frequency_hz": 3000, "gain_db": 2}]}),
    ("compressor", {"ratio": 3}), ("saturation", {"drive_db": 6}), ("reverb", {"mix": 0.1}),
    ("loudness", {"target_lufs": -10}),
]
plan = Plan(steps=tuple(Step(id=str(i), effect=name, parameters=p) for i, (name, p) in enumerate(steps)))
with tempfile.TemporaryDirectory(dir=sys.argv[2]) as folder:
    done = render_stream(Loop(), plan, lambda block: None, spool_dir=Path(folder))
assert done.frames == done.promised
usage = resource.getrusage(resource.RUSAGE_SELF)
status = Path("/proc/self/status")  # ru_maxrss would remember the parent's size from before exec
lines = status.read_text().splitlines() if status.exists() else [f"VmHWM: {usage.ru_maxrss}"]
peak_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
print(peak_kb / 1024, Loop.frames / 48000 / (usage.ru_utime + usage.ru_stime))
"""


def long_render(minutes: int, folder: str) -> tuple[float, float]:
    """Peak resident MB and speed in x real time of a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(minutes), folder], check=True, capture_output=True, text=True
    )
    peak_mb, times_real = map(float, done.stdout.split())
    return peak_mb, times_real


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        short, _ = long_render(4, folder)
        long, times_real = long_render(60, folder)
    good = long <= LIMIT_MB and long <= 1.3 * short
    print(
        f"five steps: 4 min {short:.0f} MB, 60 min {long:.0f} MB (limit {LIMIT_MB} MB and 1.3 times the 4 min)"
    )
    print(f"the hour at {times_real:.1f} x real time of CPU: {'ok' if good else 'MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
