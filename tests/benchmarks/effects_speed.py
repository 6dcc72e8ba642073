"""Speed and memory of every effect there is.

    python -m tests.benchmarks.effects_speed [--only NAME] [--no-memory] [--minutes N]

Each effect in a process of its own: seconds of stereo sound at 48 kHz per second of CPU on one core, whole (with the
search of an effect that must hear everything first), and the peak resident memory of streaming an hour through it and
of one minute. Limits: 5 x real time (high-quality pitch and time 3 x), 250 MB for the hour. An effect whose hour would
take longer than a minute of CPU is streamed for as long as that lasts, and the minutes are printed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from bridge.effects import EFFECTS
from bridge.effects.hosted_plugin import HostedPlugin
from tests.benchmarks.one_effect import measured

LIMIT_SPEED, LIMIT_MB = 5.0, 250.0
SLOW = {"pitch_shift": 3.0, "time_stretch": 3.0}
"""High-quality pitch and time."""

PROGRAM = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
from bridge.effects import BY_NAME
from tests import signals

name, settings, minutes = sys.argv[1], json.loads(sys.argv[2]), float(sys.argv[3])

class Loop:
    rate, channels = 48000, 2
    frames = int(minutes * 60 * 48000)
    piece = signals.music_like(8.0).samples
    def blocks(self, frames=65536):
        for start in range(0, self.frames, frames):
            at = np.arange(start, min(start + frames, self.frames)) % self.piece.shape[1]
            yield self.piece[:, at]
    @property
    def analysis(self):
        from bridge.analysis import SLOW_METRICS, analyze_sound
        return analyze_sound(self, without=SLOW_METRICS)

def high_water_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

effect = BY_NAME[name].model_validate(settings)
sound = Loop()
started = time.process_time()
processor = effect.processor(48000, 2, sound if effect.hears_first else None)
for block in sound.blocks():
    processor.process(block)
processor.flush()
spent = time.process_time() - started
print(json.dumps({"speed": sound.frames / 48000 / spent, "mb": high_water_mb()}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="one effect, may be given several times")
    parser.add_argument("--minutes", type=float, default=60.0, help="the long stream, at most")
    parser.add_argument("--no-memory", action="store_true", help="speed alone")
    wanted = parser.parse_args()
    missed = 0
    print(f"{'effect':22} {'x real time':>12} {'1 min':>8} {'long':>8} {'minutes':>8}")
    for kind in EFFECTS:
        if kind is HostedPlugin or (wanted.only and kind.name not in wanted.only):
            continue
        missed += not _row(kind.name, 0.0 if wanted.no_memory else wanted.minutes)
    print(
        f"limits: {LIMIT_SPEED:g} x real time, {LIMIT_MB:g} MB: {'ok' if not missed else f'{missed} MISSED'}"
    )
    return 1 if missed else 0


def _row(name: str, most_minutes: float) -> bool:
    with_memory = most_minutes > 0
    try:
        short = measured(PROGRAM, name, 1.0)
        minutes = min(most_minutes, max(2.0, 60.0 * short["speed"] / 60.0))
        long = measured(PROGRAM, name, minutes) if with_memory else short
    except subprocess.CalledProcessError as failed:
        print(f"{name:22} FAILED: {failed.stderr.strip().splitlines()[-1]}")
        return False
    good = short["speed"] >= SLOW.get(name, LIMIT_SPEED) and long["mb"] <= LIMIT_MB
    verdict = "" if good else "  MISSED"
    length = f"{minutes:8.0f}" if with_memory else " " * 8
    print(
        f"{name:22} {short['speed']:12.0f} {short['mb']:5.0f} MB {long['mb']:5.0f} MB {length}{verdict}",
        flush=True,
    )
    return good


if __name__ == "__main__":
    sys.exit(main())
