"""Between stems: how often double-miked ones are told right, how often separate ones are taken for such, and the cost.

    python -m tests.benchmarks.stems [SEED]

Songs are played stem by stem by General MIDI sounds (fluidsynth). Each stem is recorded by two microphones with a tone
of their own, noise 40 dB and bleed of the other stems 20 dB below, 0 to 20 ms apart, either polarity. Right means:
related, the polarity, and the delay within 0.15 ms. Limits: 90 % right, 5 % false alarms. The cost is of 8 stems of
a minute, beside one full report of each.
"""

from __future__ import annotations

import sys
import time
from itertools import combinations

import numpy as np

from bridge.analysis import analyze, analyze_together
from bridge.audio import Audio
from tests.analysis.together.miked import RATE, sound, two_microphones
from tests.analysis.together.song_stems import song_stems
from tests.signals import pink

SONGS = 12
LEAST_RIGHT, MOST_FALSE = 0.90, 0.05
WITHIN_S = 0.00015


def main(seed: int) -> int:
    generator = np.random.default_rng(seed)
    right, false, errors = [], [], []
    for number in range(SONGS):
        stems = song_stems(int(generator.integers(2**31)))
        apart = analyze_together({name: sound(wave) for name, wave in stems.items()})
        false += [pair.alignment.related for pair in apart.pairs]
        for name, wave in stems.items():
            others = np.sum([other for key, other in stems.items() if key != name], axis=0)
            delay, sign = generator.uniform(0, 0.020) * RATE, int(generator.choice([-1, 1]))
            first, second = two_microphones(wave, others, delay, sign, generator)
            found = analyze_together({"first": first, "second": second}).pairs[0].alignment
            off_s = abs((found.delay_samples or 0.0) - delay) / RATE
            right.append(found.related and found.inverted is (sign < 0) and off_s <= WITHIN_S)
            if right[-1]:
                errors.append(1000 * off_s)
            else:
                print(f"  missed: song {number}, {name}, {1000 * delay / RATE:.2f} ms, {found}")
    share, alarms = float(np.mean(right)), float(np.mean(false))
    print(
        f"seed {seed}, {SONGS} songs: {sum(right)} of {len(right)} double-miked stems right, limit 90 %: ",
        end="",
    )
    print(_ok(share >= LEAST_RIGHT))
    print(f"delay off by {np.median(errors):.3f} ms (median), {np.percentile(errors, 95):.3f} ms (95 %)")
    print(
        f"{sum(false)} of {len(false)} separate pairs taken for double-miked, limit 5 %: {_ok(alarms <= MOST_FALSE)}"
    )
    _cost()
    return 0 if share >= LEAST_RIGHT and alarms <= MOST_FALSE else 1


def _cost() -> None:
    stems = {f"stem {number}": pink(-20, 60.0, seed=number) for number in range(8)}
    start = time.process_time()
    analyze_together(stems)
    together = time.process_time() - start
    start = time.process_time()
    for audio in stems.values():
        analyze(Audio(audio.samples, audio.rate), without=("tempo", "key"))
    alone = time.process_time() - start
    pairs = len(list(combinations(stems, 2)))
    print(f"8 stems of a minute, {pairs} pairs: {together:.2f} s CPU, ", end="")
    print(f"their own full reports {alone:.2f} s; {together / alone:.2f} of it")


def _ok(held: bool) -> str:
    return "ok" if held else "MISSED"


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else int(time.time())))
