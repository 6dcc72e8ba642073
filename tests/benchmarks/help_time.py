"""How soon `dawbridge --help` answers, beside a bare interpreter.

`python -m tests.benchmarks.help_time`: median of 11 runs of each, taken in turns, wall clock.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

LIMIT_S = 0.3
RUNS = 11
COMMANDS = {
    "python -c pass": ("-c", "pass"),
    "dawbridge --help": ("-m", "bridge.cli", "--help"),
    "dawbridge process --help": ("-m", "bridge.cli", "process", "--help"),
}


def seconds(arguments: tuple[str, ...]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> bool:
    for arguments in COMMANDS.values():
        seconds(arguments)  # the first run compiles
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, arguments in COMMANDS.items():
            times[name].append(seconds(arguments))
    medians = {name: statistics.median(found) for name, found in times.items()}
    bare = medians["python -c pass"]
    for name, median in medians.items():
        verdict = "ok" if median <= LIMIT_S else "MISSED"
        print(
            f"{name:24}  {median:.3f} s, {median / bare:.1f} x a bare interpreter, limit {LIMIT_S} s: {verdict}"
        )
    return max(medians.values()) <= LIMIT_S


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
