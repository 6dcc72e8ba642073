"""How truly a planted resonance is read: found, frequency, Q and level, on mixes made afresh.

`python -m tests.benchmarks.resonances [--seed N] [--cases N]`. Planted: bells of 9 to 15 dB, Q 5 to 30, at least 30 Hz
wide, 250 Hz to 5 kHz. Limits of a reading: frequency within 2 %, Q within a factor of 1.5, level within 3 dB.
"""

from __future__ import annotations

import argparse
import secrets

import numpy as np

from bridge.analysis import analyze
from tests.analysis.corpus.mixes import clean_mix
from tests.analysis.corpus.tone import bell, shaped, within


def _read(seed: int, number: int) -> tuple[int, tuple[float, float, float] | None]:
    """How many were found in the mix as it is; frequency ratio, Q ratio and dB off of the planted one."""
    _, audio = clean_mix(seed, number)
    draw = np.random.default_rng([seed, number, 7])
    q, gain_db = 2 ** draw.uniform(np.log2(5), np.log2(30)), draw.uniform(9, 15)
    hz = 2 ** draw.uniform(np.log2(max(250, 30 * q)), np.log2(5000))
    spoilt = within(shaped(audio, bell(hz, gain_db, q)))
    before, after = (analyze(each, ("tempo", "key")).curves.get("resonances", []) for each in (audio, spoilt))
    near = [one for one in after if abs(np.log2(one["frequency_hz"] / hz)) < 1 / 12]
    if not near:
        return len(before), None
    return len(before), (near[0]["frequency_hz"] / hz, near[0]["q"] / q, near[0]["level_db"] - gain_db)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=100_000 + secrets.randbelow(900_000))
    parser.add_argument("--cases", type=int, default=40)
    wanted = parser.parse_args()
    results = [_read(wanted.seed, number) for number in range(wanted.cases)]
    read = np.array([one for _, one in results if one is not None]).reshape(-1, 3)
    print(f"seed {wanted.seed}, {wanted.cases} mixes, one resonance in each")
    print(f"mixes as they are with a resonance named  {sum(n > 0 for n, _ in results)}/{wanted.cases}")
    print(f"planted resonances found                  {len(read)}/{wanted.cases}")
    for what, good in (
        ("frequency within 2 %", np.abs(read[:, 0] - 1) < 0.02),
        ("Q within a factor of 1.5", np.abs(np.log(read[:, 1])) < np.log(1.5)),
        ("level within 3 dB", np.abs(read[:, 2]) < 3.0),
    ):
        print(f"  of these, {what:30}  {int(good.sum())}/{len(read)}")


if __name__ == "__main__":
    main()
