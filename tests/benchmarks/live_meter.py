"""Live load: time per 512-sample stereo block at 48 kHz (10.67 ms), callback and meters, with their whole distribution.

    python -m tests.benchmarks.live_meter

Limit: 0.5 ms median with everything on. A frame is measured every 85 ms, so most blocks are only copied and every
eighth bears the work of eight; the tail of the distribution tells more than the median. "Everything" is the meter
with its ten snapshots a second and findings of the last 10 s every 5 s; below stand the whole report without and with
tempo and key, pushed block by block.

Last, how late a callback comes that runs every 10.67 ms in a thread of its own and needs the interpreter, with metering
running beside it and without: the interpreter is handed over every 5 ms, or when numpy lets go of it. The callback's
thread has real-time priority where the system allows that, as an audio callback's has.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import numpy as np

from bridge.analysis import Analyzer
from bridge.analysis.meter import Meter
from bridge.metering import Metering, Ring
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


def lateness_ms(ring: Ring, block: np.ndarray, seconds: float) -> list[float]:
    """How long after its time each callback has written its block."""
    late: list[float] = []

    def callbacks() -> None:
        if _realtime_allowed():
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
        period_s = BLOCK / ring.rate
        due = time.perf_counter()
        while len(late) * period_s < seconds:
            due += period_s
            time.sleep(max(0.0, due - time.perf_counter()))
            ring.write(block.T)
            late.append(1000 * (time.perf_counter() - due))

    thread = threading.Thread(target=callbacks)
    thread.start()
    thread.join()
    return late


def _realtime_allowed() -> bool:
    return hasattr(os, "sched_setscheduler") and os.geteuid() == 0


def tell_lateness(block: np.ndarray, rate: int, seconds: float = 10.0) -> None:
    ring = Ring(rate, 2, 12.0)
    told(
        f"callback late, {'real-time' if _realtime_allowed() else 'ordinary'}",
        lateness_ms(ring, block, seconds),
        seconds,
    )
    with Metering(ring, every_s=1.0):
        told("  with findings every second", lateness_ms(ring, block, seconds), seconds)
    if _realtime_allowed():
        # Threads inherit this: nothing else on a busy machine holds up the one that has the interpreter.
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        with Metering(ring, every_s=1.0):
            told("  with findings in real time", lateness_ms(ring, block, seconds), seconds)
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


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
    tell_lateness(interleaved[0], audio.rate)
    return worst <= LIMIT_MS


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
