"""200 random kill -9 of the daemon and its workers while 100 jobs run: 0 lost, 0 duplicated, 0 partial.

`python -m tests.benchmarks.kill [KILLS] [SEED]`; also prints how long a restart took until the daemon served.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from tests.jobs.invariants import digest
from tests.jobs.killing import DaemonVictim, dropped, rampage, wished

RESTART_LIMIT_S = 2.0


def main(kills: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        inputs = dropped(home, 80, seed, longest_s=20.0)
        wishes = wished(home, 20, seed, longest_s=20.0)
        everything = inputs | {path: digest(path) for path, _ in wishes.values()}
        havoc = rampage(DaemonVictim(home, wishes), everything, kills, seed, pause_s=1.2)
    for fault in havoc.faults:
        print("FAULT", fault)
    ended = havoc.states.get("done", 0) + havoc.states.get("failed", 0)
    restart_s = statistics.median(havoc.restarts_s)
    print(f"kills: {havoc.daemon_kills} of the daemon, {havoc.worker_kills} of workers (seed {seed})")
    print(f"jobs: {havoc.states} of {len(everything)}; failed ones lost their worker three times")
    print(
        f"faults against I1-I5 and I8: {len(havoc.faults)}, limit 0: {'ok' if not havoc.faults else 'MISSED'}"
    )
    print(
        f"restart to serving: median {restart_s:.2f} s, longest {max(havoc.restarts_s):.2f} s, "
        f"limit {RESTART_LIMIT_S} s: {'ok' if max(havoc.restarts_s) <= RESTART_LIMIT_S else 'MISSED'}"
    )
    print(
        f"CPU of the daemon until it serves: median {statistics.median(havoc.restarts_cpu_s):.2f} s "
        f"(load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"
    )
    return 0 if not havoc.faults and ended == len(everything) else 1


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in [*sys.argv[1:3], *["200", "11"][len(sys.argv) - 1 :]])))
