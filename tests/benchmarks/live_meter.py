"""Live load: time per 512-sample stereo block at 48 kHz with every meter on, and a snapshot ten times a second.

`python -m tests.benchmarks.live_meter`. Limit: 0.5 ms median. Frames are measured every 85 ms, so the mean and the
99th percentile tell more than the median; they are shown beside it.
"""

from __future__ import annotations

import time

import numpy as np

from bridge.analysis.meter import Meter
from tests.signals import music_like

LIMIT_MS = 0.5


def main() -> bool:
    audio = music_like(60)
    meter = Meter(audio.rate, audio.channels)
    pushes, snapshots = [], []
    for index, block in enumerate(audio.blocks(512)):
        start = time.perf_counter()
        meter.push(block)
        pushes.append(time.perf_counter() - start)
        if index % 9 == 8:
            start = time.perf_counter()
            meter.snapshot()
            snapshots.append(time.perf_counter() - start)
    push, snapshot = 1000 * np.array(pushes), 1000 * np.array(snapshots)
    load = (push.sum() + snapshot.sum()) / 1000 / audio.seconds
    median = float(np.median(push))
    print(f"block: mean {push.mean():.3f} ms, 99 % {np.percentile(push, 99):.2f} ms; load {100 * load:.1f} %")
    print(f"snapshot: median {np.median(snapshot):.2f} ms, 99 % {np.percentile(snapshot, 99):.2f} ms")
    print(f"block: median {median:.3f} ms, limit {LIMIT_MS}: {'ok' if median <= LIMIT_MS else 'MISSED'}")
    return median <= LIMIT_MS


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
