"""From `file/ready` to the start of its job on a warm worker: p95 at most 100 ms.

`python -m tests.benchmarks.job_start [COUNT]`. The start is when the ledger has handed the job to a worker. Beside
it stands one plain synced write on this disk; entering and claiming a job are two of them.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bridge.jobs import Ledger
from bridge.osc.client import new_id
from bridge.osc.messages import FileReady
from tests.daemon.living import living, until
from tests.jobs.desk import sound_at

LIMIT_MS = 100.0


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        master = sound_at(home / "master.wav", seconds=1.0)
        with living(home, workers=1) as daemon, daemon.client() as client:
            sent = {}
            for number in range(count + 1):
                part, path = home / f"{number}.part", daemon.inbox / f"{number}.wav"
                shutil.copy(master, part)
                part.rename(path)
                sent[str(path)] = time.time()
                client.request(FileReady(new_id(), str(path), path.stat().st_size))
                until(lambda path=path: daemon.results_of(path))
        waits_ms = _waits_ms(home, sent)[1:]  # the first one warms up
        sync_ms = _sync_ms(home)
    p95 = statistics.quantiles(waits_ms, n=20)[18]
    print(
        f"file/ready to job start, {count} files: median {statistics.median(waits_ms):.1f} ms, p95 {p95:.1f} ms"
    )
    print(
        f"limit {LIMIT_MS:g} ms: {'ok' if p95 <= LIMIT_MS else 'MISSED'} (one synced write here: {sync_ms:.1f} ms)"
    )
    return 0 if p95 <= LIMIT_MS else 1


def _waits_ms(home: Path, sent: dict[str, float]) -> list[float]:
    with Ledger.open(home / "state", owner=False) as ledger:
        paths = {job.id: job.path for job in ledger.page(limit=10_000)}
        claims = [event for event in ledger.events() if event["what"] == "claimed"]
    return [(event["at"] - sent[paths[event["job"]]]) * 1000 for event in claims]


def _sync_ms(folder: Path) -> float:
    times = []
    with (folder / "synced").open("wb") as file:
        for _ in range(50):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 60))
