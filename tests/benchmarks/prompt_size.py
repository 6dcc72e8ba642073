"""How much a model is told beside the schema of its answer, in characters: sounds, plugins and a plan before.

`python -m tests.benchmarks.prompt_size`.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import product

from bridge.analysis import analyze
from bridge.analysis.reading import Analysis
from bridge.bootstrap.planning import plan_words, planning_context
from bridge.config import load
from bridge.llm.prompt import messages
from bridge.planning.context import KnownPlugin
from tests.benchmarks.figure import say
from tests.signals import music_like

MOST = 16_384
BEFORE = "warmer, compress 4:1, a bit of reverb, de-ess, -14 LUFS"
CASES = tuple(product((1, 4, 8, 24), (0, 200), (False, True)))


def characters(measured: Analysis, stems: int, plugins: int, second: bool, state: str) -> int:
    """second: there is a plan of five wishes before."""
    settings = load({"state": state}, env={}).settings
    names = ["input"] if stems == 1 else [f"stem number {number}" for number in range(stems)]
    sounds = dict.fromkeys(names, measured)
    plan = plan_words(BEFORE, sounds, settings, planner="offline").plan if second else None
    context = planning_context("warmer", sounds, settings, plan, None)
    made = tuple(KnownPlugin(name=f"Maker's Plugin {number}", file="x") for number in range(plugins))
    told = messages("warmer", replace(context, plugins=made), schema_in_prompt=False)
    return sum(len(message["content"]) for message in told)


def main() -> bool:
    measured = analyze(music_like(6.0))
    with tempfile.TemporaryDirectory() as state:
        short = []
        for stems, plugins, second in CASES:
            name = f"{stems} stems, {plugins} plugins, {'second' if second else 'first'} turn"
            size = characters(measured, stems, plugins, second, state)
            short.append(say(name, size, MOST, "characters"))
    return all(short)


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
