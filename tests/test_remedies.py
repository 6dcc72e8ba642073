"""What a finding proposes is understood by the planner: a remedy that is misread is worse than none."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bridge.analysis import rules
from bridge.analysis.reading import Analysis
from bridge.bootstrap.planning import plan_words
from bridge.config import load

READINGS = {
    "integrated_loudness": -20.0,
    "true_peak": 0.5,
    "sample_peak": 0.2,
    "rms": -22.0,
    "crest_factor": 14.0,
}


def _proposed() -> list[str]:
    """Every fixed text that a rule hands to Remedy."""
    found = set()
    for path in Path(rules.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Remedy":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(first.value)
    return sorted(found)


def test_there_are_remedies():
    assert len(_proposed()) > 10


@pytest.mark.parametrize("words", _proposed())
def test_a_remedy_is_understood_whole(words, tmp_path):
    settings = load({"state": str(tmp_path)}, env={}).settings
    analysis = Analysis.from_readings(READINGS, rate=48000, channels=2, frames=480000)
    outcome = plan_words(words, {"input": analysis}, settings, planner="offline")
    said_to_be_impossible = any("yet" in text for text in outcome.unsupported)
    assert said_to_be_impossible or (outcome.kind == "plan" and not outcome.unsupported), outcome
