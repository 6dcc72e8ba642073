"""The hot folder of the real daemon: 5,000 files at once into the ledger, with and without overflow; CPU when idle.

`python -m tests.benchmarks.hotfolder [--files 5000] [--idle 60]`. Limits: all in the ledger within 10 s, none missed,
also when inotify's queue of 16,384 events overflows (the daemon is stopped while the files are written); idle at most
1 % of a core with 100 files in the inbox and 3 % with 5,000, workers included.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from pathlib import Path

import psutil

from bridge.jobs import Ledger
from tests.daemon.living import Daemon, living, until
from tests.hotfolder.watching import wav

LIMIT_S = 10.0
IDLE_PERCENT = {100: 1.0, 5000: 3.0}
SETTLE_S = 1.5  # the default; the tests use a shorter one


def make_folders(inbox: Path) -> None:
    for number in range(10):
        (inbox / str(number)).mkdir(exist_ok=True)


def drop(inbox: Path, count: int, data: bytes, rewrites: int = 1) -> None:
    make_folders(inbox)
    for number in range(count):
        path = inbox / str(number % 10) / f"{number:05}.wav"
        for _ in range(rewrites):
            path.write_bytes(data)


def jobs_in_ledger(daemon: Daemon) -> int:
    with Ledger.open(daemon.state, owner=False) as ledger:
        return sum(ledger.counts().values())


def seconds_to_ledger(home: Path, files: int, overflow: bool) -> tuple[float, float]:
    """From the last byte written (or the daemon's going on) until every file has its job; and the daemon's CPU."""
    with living(home, settle_s=SETTLE_S, log_level="warning") as daemon:
        make_folders(daemon.inbox)
        time.sleep(5)  # its worker is warm, and all folders are watched
        if overflow:
            daemon.process.send_signal(signal.SIGSTOP)
        drop(daemon.inbox, files, wav(), rewrites=3 if overflow else 1)
        begun, cpu = time.monotonic(), own_cpu_s(daemon.process.pid)
        if overflow:
            daemon.process.send_signal(signal.SIGCONT)
        until(lambda: jobs_in_ledger(daemon) >= files, 120, "all files in the ledger")
        taken, cpu = time.monotonic() - begun, own_cpu_s(daemon.process.pid) - cpu
        if overflow and "overflow" not in daemon.log:
            print("  (the queue did not overflow)")
        time.sleep(2)
        assert jobs_in_ledger(daemon) == files
        daemon.process.kill()  # the jobs themselves are not what is measured
        daemon.process.wait()
        return taken, cpu


def own_cpu_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def tree_cpu_s(pid: int) -> float:
    process = psutil.Process(pid)
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def idle_percent(home: Path, files: int, seconds: float) -> float:
    """Of one core. The files are no sound, so that each is refused, has its result, and then only lies there."""
    with living(home, settle_s=SETTLE_S, log_level="warning") as daemon:
        drop(daemon.inbox, files, b"these are words\n" * 40)
        until(lambda: len(list(daemon.outbox.glob("*/result.json"))) >= files, 900, "all results")
        time.sleep(30)  # the rescan has slowed down
        begun, cpu = time.monotonic(), tree_cpu_s(daemon.process.pid)
        time.sleep(seconds)
        spent = tree_cpu_s(daemon.process.pid) - cpu
        return 100 * spent / (time.monotonic() - begun)


def main() -> bool:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--idle", type=float, default=60.0)
    asked = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for overflow in (False, True):
            taken, cpu = seconds_to_ledger(Path(folder) / f"burst-{overflow}", asked.files, overflow)
            ok = taken <= LIMIT_S
            what = "overflowing queue" if overflow else "at once"
            verdict = "ok" if ok else "MISSED"
            print(
                f"{asked.files} files, {what}: all in the ledger after {taken:.1f} s "
                f"({cpu:.1f} s of the daemon's CPU), limit {LIMIT_S:g}: {verdict}",
                flush=True,
            )
            good &= ok
        for files, limit in IDLE_PERCENT.items():
            percent = idle_percent(Path(folder) / f"idle-{files}", files, asked.idle)
            ok = percent <= limit
            print(
                f"idle with {files} files: {percent:.2f} % of a core, limit {limit:g}: {'ok' if ok else 'MISSED'}",
                flush=True,
            )
            good &= ok
    return good


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
