"""Plans in words for three readers: each step quotes what was measured or what was said."""

from __future__ import annotations

import re

import pytest

from bridge.effects import EFFECTS
from bridge.planning.plan import Evidence, Plan, Step
from bridge.reports.explanation import READERS, explained, explanations
from tests.planning.casebook import cases, played


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    """Of all cases that have one."""
    outcomes = [played(case)[0] for case in cases()]
    return [outcome.plan for outcome in outcomes if outcome.plan is not None]


_UNIT = re.compile(r"\d\s?(dB|Hz|kHz|ms|dBTP|dBFS|LU|%|:1|cents)\b")


def _quotes(line: str, plan: Plan, step: Step) -> bool:
    """The user's words between quotation marks, or a value of the evidence."""
    said = {item.words.casefold() for item in plan.intents} | {" ".join(plan.request.casefold().split())[:80]}
    request = plan.request.casefold()
    quoted = [word.casefold() for word in re.findall(r'"([^"]+)"', line)]
    words = any(word in request or any(word in one or one in word for one in said if one) for word in quoted)
    return words or any(
        str(item.value) in line or (isinstance(item.value, float) and f"{item.value:.1f}" in line)
        for item in step.evidence
    )


@pytest.mark.parametrize("reader", READERS)
def test_every_sentence_of_every_case_quotes_a_measurement_or_the_words(plans, reader):
    bare = []
    for plan in plans:
        steps = [step for step in plan.steps if step.enabled]
        for step, line in zip(steps, explained(plan, reader), strict=False):
            if not _quotes(line, plan, step):
                bare.append((plan.request, step.id, line))
    assert bare == []


def test_a_musician_reads_no_units_but_lufs(plans):
    for plan in plans:
        for line in explained(plan, "simple"):
            told = re.sub(r'"[^"]*"', "", line)  # what he said himself may have any
            assert not _UNIT.search(told), line


def test_an_engineer_reads_every_parameter_with_its_unit_the_thresholds_and_what_was_held():
    step = Step(
        id="compressor-1",
        effect="compressor",
        parameters={"threshold_db": -18.0, "ratio": 2.0, "attack_ms": 10.0},
        reason='"tighter"; measured crest factor 16.2 dB: 2:1 from -18 dB.',
        evidence=(Evidence(metric="crest_factor", value=16.2, unit="dB", threshold=14.0),),
        clamped_from={"ratio": 40.0},
    )
    (line,) = explained(Plan(request="tighter", steps=(step,)), "pro")
    for said in (
        "1 of 1",
        "threshold -18 dBFS",
        "ratio 2 :1",
        "attack 10 ms",
        "crest factor 16.2 dB (threshold 14)",
    ):
        assert said in line
    assert "ratio was asked 40" in line


def test_what_the_result_showed_is_told_to_each():
    check = {
        "name": "wish_warm", "asked": 0.5, "got": 0.2, "unit": "dB", "ok": False, "reason": None, "words": "warmer",
        "shows": "100 to 400 Hz against the rest", "sense": "at_least",
    }  # fmt: skip
    plan = Plan(request="warmer")
    assert explained(plan, "simple", [check]) == ['You asked for "warmer": but the result hardly shows it.']
    (line,) = explained(plan, "pro", [check])
    assert "+0.20 dB" in line and "at least +0.50 dB" in line and "MISSED" in line


@pytest.mark.parametrize("effect", [effect.name for effect in EFFECTS if effect.name != "hosted_plugin"])
def test_a_step_written_by_hand_with_nothing_but_its_effect_is_told_to_every_reader(effect):
    bare = {"equalizer": {"bands": [{"frequency_hz": 900, "gain_db": 3}]}}.get(effect, {})
    told = explanations(Plan(request="by hand", steps=(Step(id="s1", effect=effect, parameters=bare),)))
    assert all(any(line.strip() for line in lines) for lines in told.values())
