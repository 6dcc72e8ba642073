"""An hour of sound through every effect, rendered as a user's file is: peak resident memory (VmHWM; Linux).

    python -m tests.benchmarks.effects_memory [--only NAME] [--minutes N] [--seconds N]

Each effect in a process of its own: 44.1 kHz stereo that is made on the fly goes through `render_stream` with a plan of
that one step, measuring and spooling included. Limit: 250 MB. An effect whose hour would take longer than --seconds of
CPU is given as many minutes as that lasts, at least 10; the minutes are printed. "whole" is an effect that must go
through all of the sound before it can begin; it does so in blocks all the same.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from bridge.effects import EFFECTS
from bridge.effects.effect import Effect
from bridge.effects.hosted_plugin import HostedPlugin
from tests.benchmarks.one_effect import EXAMPLES, measured

LIMIT_MB = 250.0
LEAST_MINUTES = 10.0

PROGRAM = """
import json, sys, time
from pathlib import Path
import numpy as np
from bridge.planning.plan import Plan, Step
from bridge.rendering.render import render_stream
from tests import signals

name, settings, minutes = sys.argv[1], json.loads(sys.argv[2]), float(sys.argv[3])
rate, seconds = 44100, 8.0

def piece():
    music, at = signals.music_like(seconds, rate).samples, np.arange(round(seconds * rate)) / rate
    if name == "declip":
        return np.clip(2.0 * music, -0.7, 0.7)
    if name == "dehum":
        return (0.5 * music + sum(0.02 / k * np.sin(2 * np.pi * 50 * k * at) for k in range(1, 9))).astype(np.float32)
    if name == "declick":
        music[:, :: rate // 2] += 0.6
        return music
    if name == "denoise":
        return 0.5 * music + signals.white(-45, seconds, rate, 2).samples
    if name == "pitch_corrector":
        hz = 220 * 2 ** (np.floor(at * 2) % 5 / 6 + 0.03) * (1 + 0.004 * np.sin(2 * np.pi * 5.5 * at))
        phase = 2 * np.pi * np.cumsum(hz) / rate
        voice = sum(0.3 / k * np.sin(k * phase) for k in range(1, 12))
        return np.stack([voice, voice]).astype(np.float32)
    return music

class Loop:
    rate, channels, frames, piece = rate, 2, int(minutes * 60 * rate), np.ascontiguousarray(piece())
    def blocks(self, frames=65536):
        for start in range(0, self.frames, frames):
            at = np.arange(start, min(start + frames, self.frames)) % self.piece.shape[1]
            yield self.piece[:, at]

def high_water_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

plan = Plan(steps=(Step(id="s1", effect=name, parameters=settings),)).with_id()
started = time.process_time()
done = render_stream(Loop(), plan, lambda block: None)
spent = time.process_time() - started
print(json.dumps({"seconds": spent, "mb": high_water_mb(), "frames": done.frames}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="one effect, may be given several times")
    parser.add_argument("--minutes", type=float, default=60.0, help="of sound, at most")
    parser.add_argument("--seconds", type=float, default=60.0, help="of CPU for one effect, roughly")
    wanted = parser.parse_args()
    print(f"{'effect':22} {'1 min':>8} {'long':>8} {'minutes':>8} {'CPU':>7} {'x real time':>12}")
    missed = 0
    for kind in EFFECTS:
        if kind is not HostedPlugin and (not wanted.only or kind.name in wanted.only):
            missed += not _row(kind, wanted.minutes, wanted.seconds)
    print(f"limit {LIMIT_MB:g} MB: {'ok' if not missed else f'{missed} MISSED'}")
    return 1 if missed else 0


def _row(kind: type[Effect], most_minutes: float, most_seconds: float) -> bool:
    name = kind.name
    try:
        short = measured(PROGRAM, name, 1.0)
        minutes = min(most_minutes, max(LEAST_MINUTES, most_seconds / short["seconds"]))
        long = measured(PROGRAM, name, minutes)
    except subprocess.CalledProcessError as failed:
        print(f"{name:22} FAILED: {failed.stderr.strip().splitlines()[-1]}", flush=True)
        return False
    good = long["mb"] <= LIMIT_MB
    whole = kind.model_validate(EXAMPLES.get(name, {})).hears_first
    print(
        f"{name:22} {short['mb']:5.0f} MB {long['mb']:5.0f} MB {minutes:8.0f} {long['seconds']:5.0f} s "
        f"{60 * minutes / long['seconds']:12.0f}{'  whole' if whole else ''}{'' if good else '  MISSED'}",
        flush=True,
    )
    return good


if __name__ == "__main__":
    sys.exit(main())
