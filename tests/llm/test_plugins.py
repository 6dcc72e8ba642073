"""A model names the plugins that play effects, as the words do."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bridge.analysis.reading import Analysis
from bridge.planning.listen import intents_from_words
from bridge.planning.planner import respond
from tests.llm.asking import WARM, hear, number, reply, step
from tests.llm.wire import says, serving
from tests.planning import zam as plugins


@pytest.fixture
def zam():
    analysis = Analysis.from_readings(
        {"integrated_loudness": -19.3, "true_peak": -3.2, "rms": -21.0, "crest_factor": 14.0, "sample_peak": -3.4},
        rate=48000, channels=2, frames=480000,
    )  # fmt: skip
    return plugins.context(analysis)


def test_a_model_says_who_plays_an_effect_as_the_words_do(zam):
    said = step(
        "effect", "compressor", amount=0.5, plugin="ZamCompX2", words="compress gently with ZamCompX2"
    )
    words = "compress gently with ZamCompX2"
    with serving(says(reply(said))) as wire:
        outcome = respond(hear(wire, words, zam), zam, words)
    offline = respond(intents_from_words(words, zam), zam, words)
    (got,), (expected,) = outcome.plan.steps, offline.plan.steps
    assert got.parameters == expected.parameters and got.parameters["plugin"]["name"] == "ZamCompX2"


def test_a_model_s_band_is_played_by_the_plugin_it_names(zam):
    band = step("band", None, kind="bell", plugin="zameq2", words="cut 3 dB at 250 Hz",
                parameters=[number("frequency_hz", 250), number("gain_db", -3)])  # fmt: skip
    with serving(says(reply(band))) as wire:
        outcome = respond(
            hear(wire, "cut 3 dB at 250 Hz with ZamEQ2", zam), zam, "cut 3 dB at 250 Hz with ZamEQ2"
        )
    (only,) = outcome.plan.steps
    assert only.parameters["plugin"]["name"] == "ZamEQ2"
    assert only.parameters["parameters"]["boost_cut_1_db"] == -3


def test_a_model_can_send_a_plugin_away(zam):
    first = respond(intents_from_words("compress with ZamCompX2", zam), zam, "compress with ZamCompX2").plan
    later = replace(zam, previous=first)
    with serving(says(reply(step("remove", "plugin:ZamCompX2", words="without ZamCompX2")))) as wire:
        outcome = respond(hear(wire, "without ZamCompX2", later), later, "without ZamCompX2")
    assert [made.effect for made in outcome.plan.steps] == ["compressor"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (step("effect", "compressor", plugin="ZamCompX3"), "there is no plugin 'ZamCompX3', the nearest is"),
        (step("effect", "compressor", plugin="/bin/sh"), "there is no plugin '/bin/sh'"),
        (step("level", None, plugin="ZamCompX2", parameters=[number("gain_db", 3)]), "level takes no plugin"),
        (step("play", "compressor", plugin="ZamCompX2"), "there is no operation play"),
    ],
)
def test_a_model_s_wrong_plugin_is_refused_with_the_reason(bad, reason, zam):
    with serving(says(reply(bad)), says(WARM)) as wire:
        hear(wire, "compress", zam)
        asked_again = json.dumps(wire.seen[1].body, ensure_ascii=False)
    assert reason in asked_again


def test_the_model_is_told_what_each_plugin_plays_and_nothing_of_where_it_lies(zam):
    with serving(says(WARM)) as wire:
        hear(wire, "a bit warmer", zam)
    told = json.loads(wire.seen[0].body["messages"][-1]["content"])["plugins"]
    assert {"ZamCompX2 (plays compressor)", "ZamPhono"} <= set(told)
    assert "/vst3/" not in json.dumps(wire.seen[0].body)


def test_a_model_may_name_a_plugin_that_the_user_named_and_that_is_not_here(zam):
    words = "compress with FabFilter Pro-C 2"
    said = step("effect", "compressor", plugin="FabFilter Pro-C 2", words=words)
    with serving(says(reply(said))) as wire:
        outcome = respond(hear(wire, words, zam), zam, words)
    offline = respond(intents_from_words(words, zam), zam, words)
    assert outcome.plan.replaced == offline.plan.replaced != ()
    assert [made.effect for made in outcome.plan.steps] == ["compressor"]


def test_what_becomes_of_the_tail_is_heard_whoever_hears_the_rest(zam):
    words = "add reverb and fade the tail over 2 s"
    with serving(says(reply(step("effect", "reverb", words="add reverb")))) as wire:
        outcome = respond(hear(wire, words, zam), zam, words)
    assert outcome.plan.tail.sentence() == "fade over the last 2 s"
