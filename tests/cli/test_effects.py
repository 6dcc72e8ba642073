"""The effect manual: the page and `dawbridge effects NAME` tell the same, and every example makes what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.cli.effects import default, delay_ms, described, facts, span
from bridge.effects import BY_NAME, EFFECTS
from tests.cli.conftest import Run
from tests.planning.casebook import outcome_of

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/effects.md"

every = pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.name)


@every
def test_its_example_makes_it_and_nothing_of_the_words_is_left_over(kind):
    outcome = outcome_of(kind.example, "beat")
    assert outcome.plan is not None and not outcome.unsupported, outcome
    assert kind.name in [step.effect for step in outcome.plan.steps]


@every
def test_every_parameter_has_a_sentence(kind):
    silent = [item["name"] for item in described(kind)["parameters"] if len(item["sentence"]) < 6]
    assert not silent


@every
def test_the_page_tells_what_the_registry_says(kind):
    section = PAGE.read_text("utf-8").partition(f"\n## {kind.title}\n")[2].partition("\n## ")[0]
    told = described(kind)
    assert f"Try: `{kind.example}`" in section and told["judges"] in section
    assert f"stage {kind.stage}" in section
    assert ("changes the length" in section) == kind.retimes
    assert all(f"| `{item['name']}` |" in section for item in told["parameters"])


def test_the_command_tells_the_same_as_the_page(run: Run) -> None:
    ran = run("effects", "de_esser")
    assert ran.code == 0 and f'Try: "{BY_NAME["de_esser"].example}"' in ran.out
    assert ", ".join(facts(BY_NAME["de_esser"])) in ran.out
    asked = run("effects", "compressor", "--json").json["effects"][0]
    assert asked["hears_first"] == "with some settings" and asked["example"] == BY_NAME["compressor"].example


def test_spans_tell_the_usual_part_and_defaults_are_words():
    makeup, auto = (
        next(item for item in described(BY_NAME["compressor"])["parameters"] if item["name"] == name)
        for name in ("makeup_db", "auto_makeup")
    )
    assert span(makeup) == "0 to 12 dB (0 to 6)" and (span(auto), default(auto)) == ("on or off", "off")


def test_the_delay_that_is_told_is_the_processors_own():
    for kind in EFFECTS:
        told = delay_ms(kind)
        assert told is None or 0 <= told < 1000, kind.name
