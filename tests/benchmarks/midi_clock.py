"""How near the tempo of a jittery MIDI clock is found: `python -m tests.benchmarks.midi_clock [SEED]`.

The peer beside it is what most programs do: the mean time between the last 24 ticks.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from bridge.midi.tempo import tempo_of

RUNS = 400
BLOCK_S = 256 / 48000


def _ticks(bpm: float) -> np.ndarray:
    return np.arange(16 * 24 + 1) * 60 / (bpm * 24)


def _cases(rng: np.random.Generator, bpm: float) -> dict[str, np.ndarray]:
    times = _ticks(bpm)
    late = (rng.random(len(times)) < 0.05) * rng.uniform(0.005, 0.015, len(times))
    return {
        "1 ms of jitter": np.sort(times + rng.normal(0, 0.001, len(times))),
        "on blocks of 256 frames": np.ceil((times + rng.uniform(0, BLOCK_S)) / BLOCK_S) * BLOCK_S,
        "one in 20 is 5-15 ms late": np.maximum.accumulate(times + rng.normal(0, 0.0005, len(times)) + late),
        "6 ticks lost": np.delete(
            times + rng.normal(0, 0.0005, len(times)), rng.choice(np.arange(10, 370), 6, replace=False)
        ),
    }


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else time.time_ns() % 2**32
    rng = np.random.default_rng(seed)
    ours: dict[str, list[float]] = {}
    mean: dict[str, list[float]] = {}
    spent = count = 0.0
    for _ in range(RUNS):
        bpm = rng.uniform(60, 200)
        for name, times in _cases(rng, bpm).items():
            began = time.perf_counter()
            found = tempo_of(times.tolist())
            spent, count = spent + time.perf_counter() - began, count + 1
            ours.setdefault(name, []).append(abs(found.bpm - bpm) if found else np.inf)
            mean.setdefault(name, []).append(abs(60 / (times[-1] - times[-25]) - bpm))
    print(f"seed {seed}, {RUNS} tempi from 60 to 200 BPM, after 16 beats; error in BPM")
    for name in ours:
        within = np.mean(np.array(ours[name]) <= 0.1)
        print(
            f"{name:28} median {np.median(ours[name]):.4f}  p99 {np.quantile(ours[name], 0.99):.4f}  "
            f"within 0.1: {within:.1%}  (mean of a beat: median {np.median(mean[name]):.3f}, "
            f"p99 {np.quantile(mean[name], 0.99):.3f})"
        )
    print(f"one look takes {1000 * spent / count:.2f} ms")


if __name__ == "__main__":
    main()
