"""The form of songs put together from real loops: parts found within 1 s, choruses found, and what it costs.

`python -m tests.benchmarks.form [--seed N] [--songs N]`. Without a seed another set of songs each time. Cost: the CPU
time of the form beside that of the whole analysis of the same song.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        *(say(f"form of a song of {minutes} minutes", 100 * _cost(asked.seed, minutes), 3, "%") for minutes in (4, 10)),
    ))  # fmt: skip


def _cost(seed: int, minutes: int) -> float:
    """Of the CPU time of the analysis of so long a song; the best of three turns."""
    made = [song(seed + number).samples for number in range(2 + minutes // 2)]
    while sum(each.shape[1] for each in made) < 60 * minutes * RATE:
        made += made
    samples = np.concatenate(made, axis=1)[:, : 60 * minutes * RATE]
    turns = [_timed(samples)[1:] for _ in range(3)]
    return min(form_s for form_s, _ in turns) / min(whole_s for _, whole_s in turns)


def _heard(made: Song) -> tuple[float, ...]:
    form, form_s, whole_s = _timed(made.samples)
    true = [begin for _, begin, _ in made.parts[1:]]
    got = [float(part["start_s"]) for part in form[1:]]
    edges = sum(min((abs(one - two) for two in got), default=9.0) < 1 for one in true)
    wrong = sum(min((abs(one - two) for two in true), default=9.0) >= 1 for one in got)
    said = [(p["start_s"], p["end_s"]) for p in form if p["name"] == "chorus" and p["confidence"] >= 0.5]
    real = [(begin, end) for name, begin, end in made.parts if name == "chorus"]
    found = sum(_shared(one, said) > 0.7 for one in real)
    false = sum(_shared(one, real) < 0.5 for one in said)
    return edges, len(true), wrong, len(got), found, len(real), false, len(said), form_s, whole_s


def _timed(samples: NDArray[np.float32]) -> tuple[list[dict[str, Any]], float, float]:
    """The form, the CPU time that it took, and that of the whole analysis, in s."""
    from bridge.analysis import Analyzer

    analyzer = Analyzer(RATE, 2)
    start = time.process_time()
    analyzer.push(samples)
    form = analyzer.result().curves["form"]
    whole_s = time.process_time() - start
    passes = analyzer._ended()
    passes.tempo()
    start = time.process_time()
    passes.form()
    return form, time.process_time() - start, whole_s


def _shared(one: tuple[float, float], others: list[tuple[float, float]]) -> float:
    seconds = sum(max(0.0, min(one[1], end) - max(one[0], begin)) for begin, end in others)
    return seconds / (one[1] - one[0])


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
