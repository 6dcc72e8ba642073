"""How well the loudness chain hits: every nasty signal at every target and ceiling, by judges from outside.

    python -m tests.benchmarks.loudness [--quick] [--ceiling DBTP]

Limits: integrated loudness within 0.1 LU (pyloudnorm, exact filters), true peak at most 0.05 dB over the ceiling at
16x (the worse of scipy's polyphase and libsoxr). A target that the chain itself calls "not reachable" is counted apart.
--quick: one ceiling of the three. --ceiling: that one. Other tools on the same signals: `loudness_peers`.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np

from bridge.audio import Audio
from bridge.effects import Loudness
from tests.effects.judges import lufs, true_peak_dbtp
from tests.effects.nasty import NASTY

TARGETS = (-23.0, -14.0, -9.0, -7.0)
CEILINGS = (-0.1, -1.0, -2.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--ceiling", type=float)
    wanted = parser.parse_args()
    ceilings = (-1.0,) if wanted.quick else CEILINGS if wanted.ceiling is None else (wanted.ceiling,)
    cases = [(target, ceiling) for target in TARGETS for ceiling in ceilings]
    totals = {"hit": 0, "not reachable": 0, "MISS": 0}
    heard, spent = 0.0, 0.0
    for name, make in NASTY.items():
        audio = make()
        for target, ceiling in cases:
            started = time.process_time()
            out, said = _render(audio, target, ceiling)
            spent += time.process_time() - started
            heard += audio.seconds
            verdict = _verdict(name, out, target, ceiling, said)
            totals[verdict] += 1
    print("  ".join(f"{name}: {count}" for name, count in totals.items()))
    print(f"speed of the whole chain: {heard / spent:.1f} x real time (limit 20)")
    return 1 if totals["MISS"] or heard / spent < 20 else 0


def _render(audio: Audio, target: float, ceiling: float) -> tuple[Audio, str | None]:
    chain = Loudness(target_lufs=target, ceiling_dbtp=ceiling).processor(audio.rate, audio.channels, audio)
    out = np.concatenate([chain.process(audio.samples), chain.flush()], axis=1)
    return Audio(out, audio.rate), getattr(chain, "unreached", None)


def _verdict(name: str, out: Audio, target: float, ceiling: float, said: str | None) -> str:
    got, peak = lufs(out), true_peak_dbtp(out.samples)
    low, high = peak <= ceiling + 0.05, abs(got - target) <= 0.1
    verdict = "hit" if low and high else "not reachable" if low and said else "MISS"
    if verdict != "hit":
        asked = f"{target:5.1f} LUFS {ceiling:4.1f} dBTP"
        print(f"{verdict:14} {name:30} {asked}: {got:7.2f} LUFS {peak:6.2f} dBTP {said or ''}")
    return verdict


if __name__ == "__main__":
    sys.exit(main())
