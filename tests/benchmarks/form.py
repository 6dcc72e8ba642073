"""The form of songs put together from real loops: parts found within 1 s, choruses found, and what it costs.

`python -m tests.benchmarks.form [--seed N] [--songs N]`. Without a seed another set of songs each time. Cost: the CPU
time of the form beside that of the whole analysis of the same song.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from tests.benchmarks.figure import say
from tests.benchmarks.songs import RATE, Song, song


def main() -> bool:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000)
    parser.add_argument("--songs", type=int, default=20)
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.songs} songs")
    sums = np.sum([_heard(song(asked.seed + number)) for number in range(asked.songs)], axis=0)
    edges, edges_of, wrong, told, choruses, choruses_of, false, said, form_s, whole_s = sums
    print(f"parts told {told:.0f}, of which {wrong:.0f} begin where none does")
    return all((
        say(f"parts that begin within 1 s ({edges:.0f} of {edges_of:.0f})", 100 * edges / edges_of, 80, "%", False),
        say(f"choruses found ({choruses:.0f} of {choruses_of:.0f})", 100 * choruses / choruses_of, 80, "%", False),
        say(f"said to be a chorus though none ({false:.0f} of {said:.0f})", 100 * false / max(said, 1), 10, "%"),
        say("form, part of the CPU time of the analysis", 100 * form_s / whole_s, 3, "%"),
    ))  # fmt: skip


def _heard(made: Song) -> tuple[float, ...]:
    from bridge.analysis import Analyzer

    analyzer = Analyzer(RATE, 2)
    start = time.process_time()
    analyzer.push(made.samples)
    form = analyzer.result().curves["form"]
    whole_s = time.process_time() - start
    passes = analyzer._ended()
    passes.tempo()
    start = time.process_time()
    passes.form()
    form_s = time.process_time() - start
    true = [begin for _, begin, _ in made.parts[1:]]
    got = [float(part["start_s"]) for part in form[1:]]
    edges = sum(min((abs(one - two) for two in got), default=9.0) < 1 for one in true)
    wrong = sum(min((abs(one - two) for two in true), default=9.0) >= 1 for one in got)
    said = [(p["start_s"], p["end_s"]) for p in form if p["name"] == "chorus" and p["confidence"] >= 0.5]
    real = [(begin, end) for name, begin, end in made.parts if name == "chorus"]
    found = sum(_shared(one, said) > 0.7 for one in real)
    false = sum(_shared(one, real) < 0.5 for one in said)
    return edges, len(true), wrong, len(got), found, len(real), false, len(said), form_s, whole_s


def _shared(one: tuple[float, float], others: list[tuple[float, float]]) -> float:
    seconds = sum(max(0.0, min(one[1], end) - max(one[0], begin)) for begin, end in others)
    return seconds / (one[1] - one[0])


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
