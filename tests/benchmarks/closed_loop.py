"""Words of taste on real recordings, planned, rendered and rendered once more where they fell short.

    python -m tests.benchmarks.closed_loop [--with ", -14 LUFS"] [--all]

20 common words on 8 recordings (Debian's sonic-pi-samples, 8 s of each). Prints how many wishes were asked, met at
once, met after one round, still missed and not provable, how long the round took beside the first rendering, and
whether it overdid: the harmonics that the plan gives a tone of 220 Hz as loud as the recording may not more than
double (those below -60 dB count as -60 dB), and no wish that was met may be lost. --all prints each.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import bridge
from bridge.analysis import SLOW_METRICS
from bridge.audio import Audio
from bridge.planning.plan import Plan
from bridge.planning.planner import plan as planned
from bridge.planning.promises.refining import refined
from bridge.presets import load_chains, load_lexicon, load_targets
from bridge.rendering.check import Check
from bridge.rendering.proof.better import is_better
from bridge.rendering.render import render
from bridge.rendering.results import Render
from tests.benchmarks.figure import say

SAMPLES = Path("/usr/share/sonic-pi/samples")
RECORDINGS = (
    "loop_tabla", "guit_e_fifths", "loop_amen", "loop_garzul", "loop_mika", "loop_safari", "ambi_piano",
    "bass_dnb_f",
)  # fmt: skip
WORDS = (
    "warmer", "brighter", "darker", "clearer", "airier", "punchier", "fuller", "deeper", "tighter", "crisper",
    "smoother", "softer", "less muddy", "less boomy", "less boxy", "less harsh", "more present", "more vintage",
    "wider", "more reverb",
)  # fmt: skip
SECONDS, TONE_HZ, FAINT_DB = 8.0, 220.0, -60.0


@dataclass(frozen=True)
class Tried:
    """One word on one recording. got: what the wish came to at first and in the end; harmonics_db against the tone."""

    word: str
    recording: str
    first: tuple[Check, ...]
    last: tuple[Check, ...]
    unproven: tuple[str, ...]
    tried: bool
    kept: bool
    first_s: float
    round_s: float
    harmonics_db: tuple[float, float]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--with", dest="also", default="")
    parser.add_argument("--all", action="store_true")
    given = parser.parse_args()
    done = []
    for tried in _tries(given.also):
        done.append(tried)
        if given.all:
            print(_line(tried), flush=True)
    return 0 if _tell(done) else 1


def _tries(also: str) -> Iterator[Tried]:
    lexicon, targets, chains = load_lexicon(), load_targets(), load_chains()
    for name in RECORDINGS:
        whole = bridge.read(SAMPLES / f"{name}.flac")
        audio = Audio(whole.samples[:, : round(SECONDS * whole.rate)], whole.rate)
        analysis = bridge.analyze(audio, without=SLOW_METRICS)
        for word in WORDS:
            outcome = planned(word + also, analysis, lexicon=lexicon, targets=targets, chains=chains)
            if outcome.plan is not None:
                yield _tried(word, name, audio, outcome.plan)


def _tried(word: str, name: str, audio: Audio, plan: Plan) -> Tried:
    begun = time.perf_counter()
    first = render(audio, plan)
    middle = time.perf_counter()
    more = refined(plan, first.shortfalls)
    second = render(audio, more) if more is not None else first
    kept = more is not None and is_better(second.checks, first.checks)
    last = second if kept else first
    level_db = float(first.before.number("rms") or -20.0)
    plans = (plan, more if kept and more is not None else plan)
    one, two = (_harmonics_db(each, level_db, audio.rate) for each in plans)
    return Tried(
        word, name, _wishes(first), _wishes(last), first.unproven, more is not None, kept, middle - begun,
        time.perf_counter() - middle if more is not None else 0.0, (one, two),
    )  # fmt: skip


def _wishes(done: Render) -> tuple[Check, ...]:
    return tuple(check for check in done.checks if check.shows)


def _harmonics_db(plan: Plan, level_db: float, rate: int) -> float:
    """Power of all harmonics of a tone against it, as the plan's colour steps and equalizer make them."""
    steps = tuple(step for step in plan.steps if step.effect in ("equalizer", "saturation", "enhancer"))
    if not any(step.effect != "equalizer" for step in steps):
        return FAINT_DB
    time_s = np.arange(rate) / rate
    tone = np.sqrt(2.0) * 10 ** (level_db / 20) * np.sin(2 * np.pi * TONE_HZ * time_s)
    sound = Audio(np.tile(tone, (2, 1)).astype(np.float32), rate)
    made = render(sound, plan.model_copy(update={"steps": steps, "promises": ()})).audio.samples[0]
    power = np.abs(np.fft.rfft(made[:rate].astype(np.float64) * np.hanning(rate))) ** 2
    at = [power[round(TONE_HZ * n) - 3 : round(TONE_HZ * n) + 4].sum() for n in range(1, 20)]
    return max(FAINT_DB, float(10 * np.log10(sum(at[1:]) / at[0] + 1e-20)))


def _line(tried: Tried) -> str:
    now = {check.name: check for check in tried.last}
    told = "; ".join(
        f"{one.name} asked {one.asked:+g} got {one.got:+.2f}"
        + (f" then {now[one.name].got:+.2f}" if tried.kept else "")
        + (" faint" if now[one.name].faint else "" if now[one.name].ok else " MISSED")
        for one in tried.first
    )
    one, two = tried.harmonics_db
    harmonics = f", harmonics {one:.1f} to {two:.1f} dB" if two > one + 0.1 else ""
    return f"{tried.recording:14} {tried.word:13} {told or ' '.join(tried.unproven)}{harmonics}"


def _tell(done: list[Tried]) -> bool:
    checks = [(one, two) for tried in done for one, two in _pairs(tried)]
    once, last = sum(_noticed(one) for one, _ in checks), sum(_noticed(two) for _, two in checks)
    missed = sum(not two.ok for _, two in checks)
    lost = sum(one.ok and not two.ok for one, two in checks)
    rounds = [tried for tried in done if tried.tried]
    print(f"requests                     {len(done)}")
    print(
        f"wishes that could be proven  {len(checks)} (not provable: {sum(len(each.unproven) for each in done)})"
    )
    print(f"met at once                  {once}")
    kept, at_once = sum(tried.kept for tried in rounds), sum(one.faint for one, _ in checks)
    print(f"met after one round          {last} (a round in {len(rounds)} requests, kept in {kept})")
    print(f"then only faint              {sum(two.faint for _, two in checks)} (at once {at_once})")
    print(f"still missed                 {missed} (at once {sum(not one.ok for one, _ in checks)})")
    shares = [tried.round_s / tried.first_s for tried in rounds] or [0.0]
    added = sum(tried.round_s for tried in rounds) / sum(tried.first_s for tried in done)
    print(
        f"time added by a round        {statistics.median(shares):.2f} of the first rendering; over all {added:.1%}"
    )
    grown = max((two - one for one, two in (tried.harmonics_db for tried in done)), default=0.0)
    return all(
        [
            say("harmonics after the round over before, most", grown, 6.02, "dB"),
            say("wishes lost by the round", lost, 0, ""),
            say("wishes met", 100 * last / max(1, len(checks)), 90, "%", at_most=False),
            say("wishes missed", 100 * missed / max(1, len(checks)), 5, "%"),
        ]
    )


def _noticed(check: Check) -> bool:
    return check.ok and not check.faint


def _pairs(tried: Tried) -> Iterator[tuple[Check, Check]]:
    now = {check.name: check for check in tried.last}
    return ((one, now[one.name]) for one in tried.first if one.name in now)


if __name__ == "__main__":
    sys.exit(main())
