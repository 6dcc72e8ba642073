"""The auto tools through a model: an effect that there is, and a target that there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.analysis.reading import Analysis
from bridge.planning.context import Context
from bridge.presets import load_lexicon, load_targets
from tests.llm.asking import WARM, hear, number, reply, step
from tests.llm.wire import says, serving


@pytest.fixture
def song() -> Context:
    heard = Analysis.from_readings({"rms": -20.0, "true_peak": -6.0}, rate=48000, channels=2, frames=480000)
    return replace(Context({"input": heard}, load_lexicon()), targets=load_targets())


def test_a_tool_and_its_target_come_through(song):
    asked = step("auto", "equalizer", parameters=[number("target", "rock")])
    with serving(says(reply(asked))) as wire:
        (intent,) = hear(wire, "as you like", song).intents
    assert (intent.operation, intent.subject, intent.given) == ("auto", "equalizer", {"target": "rock"})


@pytest.mark.parametrize(
    ("bad", "quoted"),
    [
        (step("auto", "magic"), "no auto 'magic'"),
        (step("auto", None), "no auto"),
        (step("auto", "equalizer", parameters=[number("target", "polka")]), "polka"),
        (step("auto", "reverb", parameters=[number("mix", 0.5)]), "no parameter 'mix'"),
    ],
)
def test_one_that_there_is_not_gets_a_repair_turn_that_says_so(bad, quoted, song):
    with serving(says(reply(bad)), says(WARM)) as wire:
        hear(wire, "as you like", song)
        assert len(wire.seen) == 2 and quoted in wire.seen[1].body["messages"][-1]["content"]
