"""Stems together through a model: its words are held against the stems that there are."""

from __future__ import annotations

import json

import pytest

from bridge.analysis.reading import Analysis
from bridge.planning.context import Context
from bridge.presets import load_lexicon
from bridge.presets.roles import load_roles
from tests.llm.asking import WARM, hear, number, reply, step
from tests.llm.wire import says, serving


@pytest.fixture
def stems() -> Context:
    heard = Analysis.from_readings(
        {"integrated_loudness": -20.0, "true_peak": -6.0}, rate=48000, channels=2, frames=480000
    )
    names = ("vocal", "gtr 1", "gtr 2", "snare", "room")
    return Context(
        dict.fromkeys(names, heard),
        load_lexicon(),
        roles=load_roles(),
        groups={"guitars": ("gtr 1", "gtr 2")},
    )


@pytest.mark.parametrize(
    ("asked", "where", "given"),
    [
        (step("balance", None), "mix", {}),
        (step("unmask", None, where="vocal", others=["guitars"]), "vocal", {"in": "guitars"}),
        (step("unmask", None, where="vocal", others=["gtr 1", "snare"]), "vocal", {"in": "gtr 1|snare"}),
        (step("unmask", None), "mix", {}),
        (step("align", None, where="room", others=["snare"]), "room", {"to": "snare"}),
        (step("effect", "compressor", where="guitars"), "guitars", {}),
    ],
)
def test_operations_on_stems_come_through(asked, where, given, stems):
    with serving(says(reply(asked))) as wire:
        (intent,) = hear(wire, "as you like", stems).intents
    assert (intent.operation, intent.where, intent.given) == (asked["operation"], where, given)


@pytest.mark.parametrize(
    ("bad", "quoted"),
    [
        (step("unmask", None, where="vocal", others=["guitar 1"]), "no stem 'guitar 1'"),
        (step("unmask", None, where="guitars"), "room for one stem"),
        (step("unmask", None, where="vocal", others=["vocal"]), "named twice"),
        (step("align", None, where="room", others=["snare", "gtr 1"]), "one stem stays"),
        (step("align", None, where="room", others=["guitars"]), "no stem 'guitars'"),
        (step("balance", None, where="vocal"), "all stems"),
        (step("balance", None, parameters=[number("gain_db", 3.0)]), "no parameter 'gain_db'"),
        (step("unmask", None, where="vocal", others=["x"] * 65), "others"),
        (step("unmask", None, where="vocal", others=[3]), "others"),
    ],
)
def test_what_is_wrong_of_stems_gets_a_repair_turn_that_says_so(bad, quoted, stems):
    with serving(says(reply(bad)), says(WARM)) as wire:
        hear(wire, "as you like", stems)
        assert len(wire.seen) == 2 and quoted in wire.seen[1].body["messages"][-1]["content"]


def test_one_sound_is_told_of_no_stems_and_gets_none(context):
    with serving(says(reply(step("balance", None))), says(WARM)) as wire:
        hear(wire, "balance it", context)
        assert "room for the stem" not in json.dumps(wire.seen[0].body["messages"][0]["content"])
        assert "several stems" in wire.seen[1].body["messages"][-1]["content"]


def test_a_model_is_told_the_groups_and_what_they_can_be_asked(stems):
    with serving(says(WARM)) as wire:
        hear(wire, "balance it", stems)
    task, *_, situation = (message["content"] for message in wire.seen[0].body["messages"])
    assert "guitars" in json.loads(situation)["places"] and "room for the stem in where" in task
