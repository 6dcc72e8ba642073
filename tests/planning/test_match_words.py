"""What people say of a reference, and how far each part of it then goes."""

from __future__ import annotations

import pytest

from bridge.analysis.reading import Analysis
from bridge.planning.context import Context
from bridge.planning.intent import Intent
from bridge.planning.listen import intents_from_words
from bridge.planning.matching.reference import Reference, Source
from bridge.planning.matching.wishes import amounts_of
from bridge.presets import load_chains, load_lexicon, load_targets

REFERENCE = Reference(sources=(Source(name="ref.wav"),), centre_hz=(1000.0,), level_db=(0.0,))
SOUND = Analysis.from_readings(
    {"integrated_loudness": -19.0, "true_peak": -3.0}, rate=48000, channels=2, frames=480000
)

ALL = (1.0, 1.0, 1.0, 1.0)


def heard(words: str, reference: Reference | None = REFERENCE) -> tuple[Intent, ...]:
    context = Context(
        {"input": SOUND}, load_lexicon(), targets=load_targets(), chains=load_chains(), reference=reference
    )
    return intents_from_words(words, context).intents


@pytest.mark.parametrize(
    ("words", "amounts"),  # of eq, width, dynamics and loudness
    [
        ("match the reference", ALL),
        ("Make it sound like the reference, please", ALL),
        ("bring it closer to the reference", ALL),
        ("make it sound like that record", ALL),
        ("match the EQ of the record", (1.0, 0.0, 0.0, 0.0)),
        ("match ref.wav", ALL),
        ("match only the EQ", (1.0, 0.0, 0.0, 0.0)),
        ("match the tonal balance of the reference track", (1.0, 0.0, 0.0, 0.0)),
        ("match 50 % of the EQ and 70 % of the stereo field", (0.5, 0.7, 0.0, 0.0)),
        ("50% of the EQ and 70% of the stereo field of the reference", (0.5, 0.7, 0.0, 0.0)),
        ("match the reference, EQ 50 %, width 70 %", (0.5, 0.7, 1.0, 1.0)),
        ("match the reference, but half of the width and no dynamics", (1.0, 0.5, 0.0, 1.0)),
        ("match the reference but keep the loudness", (1.0, 1.0, 1.0, 0.0)),
        ("match the reference without the width", (1.0, 0.0, 1.0, 1.0)),
        ("match everything except the width", (1.0, 0.0, 1.0, 1.0)),
        ("match the reference, but only the eq", (1.0, 0.0, 0.0, 0.0)),
        ("match eq and width, not the loudness", (1.0, 1.0, 0.0, 0.0)),
        ("match the reference at 50 percent", (0.5, 0.5, 0.5, 0.5)),
        ("as loud as the reference", (0.0, 0.0, 0.0, 1.0)),
        ("make it as wide as the reference", (0.0, 1.0, 0.0, 0.0)),
        ("match the dynamics only", (0.0, 0.0, 1.0, 0.0)),
    ],
)
def test_words_say_what_is_matched_and_how_far(words, amounts):
    (intent,) = heard(words)
    assert intent.operation == "match"
    found = amounts_of(intent, {})
    assert tuple(found[part] for part in ("eq", "width", "dynamics", "loudness")) == amounts


@pytest.mark.parametrize(
    ("words", "limiter"),
    [
        ("match the reference with 50 % of the limiting", 0.5),
        ("match the reference, limiter 30 %", 0.3),
        ("match the reference, EQ 50 %, limiter 20 %", 0.2),
        ("match the reference without the limiter", 0.0),
        ("match the reference but no limiting", 0.0),
        ("match the reference", None),
    ],
)
def test_words_say_how_much_of_the_usual_limiting_the_loudness_may_take(words, limiter):
    (intent,) = heard(words)
    found = amounts_of(intent, {})
    assert found.get("limiter") == limiter
    assert found["loudness"] == 1.0 and found["eq"] in (0.5, 1.0)


@pytest.mark.parametrize(
    "words", ["match the reference and add a limiter", "match the reference with a limiter"]
)
def test_a_limiter_beside_the_reference_is_a_wish_of_its_own(words):
    match, other = heard(words)
    assert match.operation == "match" and "limiter" not in match.given
    assert (other.operation, other.subject) == ("effect", "limiter")


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("match the reference and make it brighter", ["descriptor"]),
        ("match the reference with a bit of reverb", ["effect"]),
        ("match the reference, -12 LUFS", ["effect"]),
        ("match the reference at -12 LUFS", ["effect"]),
        ("match the reference, then limit to -1 dBTP", ["effect"]),
    ],
)
def test_what_else_is_wished_is_heard_beside_it(words, others):
    match, *rest = heard(words)
    assert match.operation == "match" and not match.given
    assert [intent.operation for intent in rest] == others


@pytest.mark.parametrize("words", ["match the loudness of spotify", "match -14 LUFS"])
def test_matching_a_number_or_a_platform_is_no_reference(words):
    assert all(intent.operation != "match" for intent in heard(words))


def test_words_go_before_options_and_options_fill_what_the_words_leave_open():
    (intent,) = heard("match the reference, EQ 50 %")
    found = amounts_of(intent, {"eq": 0.9, "width": 0.2})
    assert found == {"eq": 0.5, "width": 0.2, "dynamics": 1.0, "loudness": 1.0}


@pytest.mark.parametrize(
    ("words", "louder_db", "whole"),
    [
        ("2 dB louder than the reference", 2.0, False),
        ("1.5 dB quieter than the reference", -1.5, False),
        ("match the reference, but 2 dB louder", 2.0, True),
        ("match the reference and make it 1 dB quieter", -1.0, True),
    ],
)
def test_decibels_beside_the_reference_are_added_to_its_loudness(words, louder_db, whole):
    (intent,) = heard(words)
    assert intent.given["louder_db"] == louder_db
    assert tuple(amounts_of(intent, {}).values()) == (ALL if whole else (0.0, 0.0, 0.0, 1.0))
