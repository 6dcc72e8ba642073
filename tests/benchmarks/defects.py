"""Recall and false alarms of every finding about defects, on a corpus made afresh.

`python -m tests.benchmarks.defects [--seed N] [--clean N] [--cases N] [--code CODE]... [--verbose]`. Limits: at least
90 % of the planted defects found, at most 5 % false alarms on clean mixes. Without a seed one is drawn above 100000.
"""

from __future__ import annotations

import argparse
import secrets

from tests.analysis.corpus.judge import LEAST_FOUND, MOST_FALSE, Tally, Verdict, judge
from tests.analysis.corpus.plants import PLANTS


def table(verdict: Verdict) -> bool:
    """Prints a line a code; whether every code holds its limits."""
    print(f"{'code':20} {'found':>12} {'false alarms':>18} {'elsewhere':>16}")
    met = True
    for code, tally in sorted(verdict.tallies.items(), key=lambda item: item[0]):
        held = verdict.holds(code)
        met &= held
        print(
            f"{code:20} {_share(tally.found, tally.cases):>12} {_share(len(tally.false_on), verdict.clean):>18} "
            f"{_share(tally.crossed.total(), verdict.planted - tally.cases):>16}  {'ok' if held else 'MISSED'}"
        )
    return met


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} {part / whole:4.0%}" if whole else "-"


def details(verdict: Verdict) -> None:
    """Which mixes were missed, falsely accused, or accused of another fault."""
    for code, tally in verdict.tallies.items():
        _say(code, tally)


def _say(code: str, tally: Tally) -> None:
    for what, mixes in (("missed on", tally.missed), ("false on", tally.false_on)):
        if mixes:
            print(f"{code} {what}: {', '.join(mixes)}")
    if tally.crossed:
        print(f"{code} besides: {', '.join(f'{other} {n}' for other, n in tally.crossed.most_common())}")


def main() -> bool:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=100_000 + secrets.randbelow(900_000))
    parser.add_argument("--clean", type=int, default=48)
    parser.add_argument("--cases", type=int, default=10)
    parser.add_argument("--code", action="append", choices=tuple(PLANTS))
    parser.add_argument("--verbose", action="store_true")
    wanted = parser.parse_args()
    print(
        f"seed {wanted.seed}, {wanted.clean} clean mixes, {wanted.cases} cases a code; "
        f"limits {LEAST_FOUND:.0%} found, {MOST_FALSE:.0%} false alarms on clean mixes"
    )
    verdict = judge(wanted.seed, wanted.clean, wanted.cases, tuple(wanted.code or PLANTS))
    met = table(verdict)
    if wanted.verbose:
        details(verdict)
    return met


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
