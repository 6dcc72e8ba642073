"""How many clean mixes the rules about tone are allowed to judge, and how many sounds alone they leave in peace.

`python -m tests.benchmarks.tone_limits [--seed N] [--mixes N]`. Sounds alone are the recordings of sonic-pi-samples of
3 s or more. Without a seed one is drawn above 100000, which nothing was fitted to. Limit: 97 % of the clean mixes.
"""

from __future__ import annotations

import argparse
import secrets

import numpy as np

from bridge.analysis import analyze, tone
from bridge.analysis.reading import Analysis
from bridge.analysis.rules.tone import BRIGHT_DB, STRANGEST
from bridge.audio import Audio
from tests.analysis.corpus.mixes import clean_mix
from tests.analysis.corpus.recordings import SAMPLES, recording

LEAST = 0.97
SHORTEST_S = 3.0


def strangeness(analysis: Analysis) -> float:
    drawn = [-np.inf if level is None else level for level in analysis.curves["spectrum"]["level_db"]]
    power = 10.0 ** (np.array(drawn + [-np.inf] * (31 - len(drawn))) / 10.0)
    return tone.strangeness(tone.over_mixes(power), (0.0, 0.0))


def alone() -> list[float]:
    found = []
    for path in sorted(SAMPLES.glob("*.flac")):
        wave, rate = recording(path.stem)
        if wave.shape[1] >= SHORTEST_S * rate:
            found.append(strangeness(analyze(Audio(wave.astype(np.float32), rate), ("tempo", "key"))))
    return found


def main() -> bool:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=100_000 + secrets.randbelow(900_000))
    parser.add_argument("--mixes", type=int, default=100)
    wanted = parser.parse_args()
    mixes = [analyze(clean_mix(wanted.seed, n)[1], ("tempo", "key")) for n in range(wanted.mixes)]
    strange = np.array([strangeness(mix) for mix in mixes])
    dullness = np.array([number for mix in mixes if (number := mix.number("dullness")) is not None])
    usual, dark = float((strange <= STRANGEST).mean()), float((dullness > BRIGHT_DB).mean())
    others = np.array(alone())
    print(
        f"seed {wanted.seed}, {wanted.mixes} clean mixes, {others.size} recordings alone; limit {LEAST:.0%}"
    )
    print(f"{'':34}{'median':>8} {'95 %':>6}  within the rule's limit")
    _line(f"strangeness, limit {STRANGEST:g}", strange, 0.95, usual)
    _line(f"dullness in dB, above {BRIGHT_DB:g}", dullness, 0.05, dark)
    print(
        f"alone: strangeness median {np.median(others):.2f}, {(others > STRANGEST).mean():.0%} above {STRANGEST:g}"
    )
    return min(usual, dark) >= LEAST


def _line(what: str, values: np.ndarray, rank: float, share: float) -> None:
    verdict = "ok" if share >= LEAST else "MISSED"
    print(f"{what:34}{np.median(values):8.2f} {np.quantile(values, rank):6.2f}  {share:.1%} {verdict}")


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
