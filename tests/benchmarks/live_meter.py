"""Live load: time per 512-sample stereo block at 48 kHz (10.67 ms), callback and meters, with their whole distribution.

    python -m tests.benchmarks.live_meter

Limit: 0.5 ms median with everything on. A frame is measured every 85 ms, so most blocks are only copied and every
eighth bears the work of eight; the tail of the distribution tells more than the median. "Everything" is the meter
with its ten snapshots a second and findings of the last 10 s every 5 s; below stand the whole report without and with
tempo and key, pushed block by block.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from bridge.analysis import Analyzer
from bridge.analysis.meter import Meter
from bridge.metering import Ring
from bridge.metering.moment import moment
from tests.signals import music_like

LIMIT_MS = 0.5
BLOCK = 512
SECONDS = 60.0


def timed_ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def told(what: str, times_ms: list[float], seconds: float = SECONDS) -> float:
    values = np.array(times_ms)
    at = [float(np.percentile(values, share)) for share in (50, 90, 99, 99.9, 100)]
    shown = "  ".join(f"{value:7.3f}" for value in (float(values.mean()), *at))
    print(f"{what:34}{shown}   {100 * float(values.sum()) / 1000 / seconds:5.2f} %")
    return at[0]


def main() -> bool:
    audio = music_like(SECONDS)
    blocks = list(audio.blocks(BLOCK))
    interleaved = [np.ascontiguousarray(block.T) for block in blocks]
    ring, meter = Ring(audio.rate, audio.channels, 12.0), Meter(audio.rate, audio.channels)
    reader = ring.reader()
    moment(music_like(1.0))  # imports
    writes, everything, snapshots, moments = [], [], [], []
    for index, block in enumerate(interleaved):
        writes.append(timed_ms(lambda block=block: ring.write(block.T)))
        spent = timed_ms(lambda: meter.push(reader.read()))
        if index % 9 == 8:
            snapshots.append(timed_ms(meter.snapshot))
            spent += snapshots[-1]
        if index % 469 == 468:
            moments.append(timed_ms(lambda: moment(ring.last(10.0))))
            spent += moments[-1]
        everything.append(spent)
    print(
        f"{'ms':34}{'mean':>7}  {'median':>7}  {'90 %':>7}  {'99 %':>7}  {'99.9 %':>7}  {'most':>7}    load"
    )
    told("callback: write into the ring", writes)
    median = told("everything on, by block", everything)
    told("  a snapshot", snapshots)
    told("  findings of the last 10 s", moments)
    medians = [median]
    for what, without in (("whole report", ("tempo", "key")), ("whole report with tempo and key", ())):
        analyzer = Analyzer(audio.rate, audio.channels, without)
        medians.append(told(what, [timed_ms(lambda b=block, a=analyzer: a.push(b)) for block in blocks]))
    worst = max(medians)
    print(f"largest median {worst:.3f} ms, limit {LIMIT_MS}: {'ok' if worst <= LIMIT_MS else 'MISSED'}")
    print(f"overruns: {reader.overruns}")
    return worst <= LIMIT_MS


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
