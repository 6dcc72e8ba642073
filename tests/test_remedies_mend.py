"""A planted fault is found, its words are handed to the planner, and what is rendered is mended."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

import bridge
from bridge.analysis import analyze, findings
from bridge.analysis.finding import Finding
from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.planning.plan import Plan
from tests import signals
from tests.analysis.corpus.mixes import clean_mix, must_have_sources
from tests.analysis.corpus.plants import PLANTS

WITHOUT = ("tempo", "key")


@lru_cache(maxsize=4)
def mix(number: int) -> Audio:
    must_have_sources()
    return clean_mix(31, number)[1]


def spoilt(code: str, number: int) -> Audio:
    return PLANTS[code](mix(number), np.random.default_rng([31, number]))


def heard(audio: Audio) -> tuple[Analysis, dict[str, Finding]]:
    analysis = analyze(audio, WITHOUT)
    return analysis, {finding.code: finding for finding in findings(analysis)}


def remedy(code: str, audio: Audio) -> tuple[Plan, Finding]:
    analysis, found = heard(audio)
    assert code in found, f"{code} was not found"
    outcome = bridge.plan(found[code].remedy.words, analysis)
    assert outcome.plan is not None and not outcome.unsupported, outcome
    return outcome.plan, found[code]


def level_db(audio: Audio) -> float:
    """RMS of the second half, when filters have settled."""
    half = audio.samples[:, audio.frames // 2 :].astype(np.float64)
    return float(10 * np.log10(np.mean(half**2)))


def changed_db(plan: Plan, tone: Audio) -> float:
    return level_db(bridge.render(tone, plan).audio) - level_db(tone)


@pytest.mark.real
def test_hum_goes_and_the_low_e_beside_it_stays():
    audio = spoilt("hum", 1)
    plan, before = remedy("hum", audio)
    _, after = heard(bridge.render(audio, plan).audio)
    assert "hum" not in after
    mains = 50.0 if "50 Hz" in before.remedy.words else 60.0
    for order in (1, 2, 3):
        assert changed_db(plan, signals.sine(mains * order, -20, 4.0)) < -10.0
    for neighbour in (41.2, 73.42, 82.41, 110.0, 130.81):
        assert abs(changed_db(plan, signals.sine(neighbour, -20, 4.0))) < 1.0


@pytest.mark.real
def test_a_channel_that_was_turned_over_is_turned_back():
    audio = spoilt("inverted_channel", 0)
    plan, before = remedy("inverted_channel", audio)
    analysis, after = heard(bridge.render(audio, plan).audio)
    assert before.value < -0.5 and analysis.number("correlation") == pytest.approx(-before.value, abs=0.01)
    assert "inverted_channel" not in after
