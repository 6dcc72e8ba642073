"""Names of plugins in a request: whatever words they hold, they are names and no taste."""

from __future__ import annotations

import pytest

from bridge.planning.plugins.mentions import heard_names
from bridge.presets import load_products
from tests.planning.casebook import SOUNDS
from tests.planning.test_plugins import names, settings
from tests.planning.zam import context, outcome_of, record

SONG = SOUNDS["song"]


def found(words: str, **changes) -> list[tuple[str, str]]:
    """(as written, what it was taken for; "" where no such plugin is here) of every name."""
    mentions = heard_names(words, context(SONG, **changes)).found
    return [(mention.said, mention.name if mention.here else "") for mention in mentions]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("use FabFilter Pro-C 2 on it, warmer", "FabFilter Pro-C 2"),
        ("use Pro-Q3, cut 3 dB at 300 Hz", "Pro-Q3"),
        ("Valhalla Room for reverb", "Valhalla Room"),
        ("valhalla room for reverb", "valhalla room"),
        ("iZotope Ozone 11 Advanced for mastering", "iZotope Ozone 11 Advanced"),
        ("Fresh Air on the highs", "Fresh Air"),
        ("Decapitator", "Decapitator"),
        ("use decapitator gently", "decapitator"),
        ("use Soothe on the vocal", "Soothe"),
        ("compress with Waves CLA-76 4:1", "Waves CLA-76"),
        ("use the 1176", "1176"),
        ("use my SSL bus compressor", "SSL"),
        ("Use MyComp for compression", "MyComp"),
        ("compress through foocomp", "foocomp"),
        ("EQ with FooBar", "FooBar"),
        ('use "Big Warm Thing" for compression', "Big Warm Thing"),
        ("use 'Warm Thing', please", "Warm Thing"),
        ("Compress the drums with Kotelnikov GE", "Kotelnikov GE"),
    ],
)
def test_what_a_plugin_is_called_is_one_name(words, said):
    assert found(words) == [(said, "")]


@pytest.mark.parametrize(
    "words",
    [
        "add some fresh air", "soothe the highs", "more ozone", "make waves", "compress with care", "with more bass",
        "use a high-pass at 80 Hz", "use the built-in compressor", "use less compression", "use it gently",
        "Make It Warmer With More Bass", "ADD REVERB WITH A LONG TAIL", "Use Compression", "use Spotify loudness",
        "a plate reverb like Lexicon 224", "compress gently with Amy's settings", 'make it "warm"', "run it at 1176 Hz",
    ],
)  # fmt: skip
def test_words_that_are_no_names_stay_words(words):
    assert found(words) == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("zam comp", "ZamComp"),
        ("EQ with zameq 2: cut 3 dB at 250 Hz", "ZamEQ2"),
        ("use zam comp x2 with ratio 4", "ZamCompX2"),
        ("COMPRESS WITH ZAMCOMPX2", "ZamCompX2"),
        ("compress with Zam-Comp-X2", "ZamCompX2"),
        ("ZamComp's threshold at -20", "ZamComp"),
    ],
)
def test_a_name_is_known_in_every_spelling(words, name):
    assert [taken for _, taken in found(words)] == [name]
    assert not any(mention.guessed for mention in heard_names(words, context(SONG)).found)


@pytest.mark.parametrize(
    ("words", "said", "name"),
    [
        ("compress with ZamCmopX2", "ZamCmopX2", "ZamCompX2"),
        ("compress with zamcompx3", "zamcompx3", "ZamCompX2"),
        ("EQ with ZamEQ 3: cut 3 dB at 250 Hz", "ZamEQ 3", "ZamEQ2"),
        ("zammdelay for a delay of 120 ms", "zammdelay", "ZamDelay"),
    ],
)
def test_a_slip_meets_the_nearest_plugin_and_that_is_said(words, said, name):
    outcome = outcome_of(words, SONG)
    assert names(outcome) == [name]
    assert f'"{said}" was read as {name}, the nearest plugin here.' in outcome.warnings
    assert outcome.plan.replaced == ()


def test_a_number_with_a_unit_is_no_version():
    assert found("EQ with Pro-Q 3 dB up at 2 kHz") == [("Pro-Q", "")]
    assert settings(outcome_of("compress with ZamCompX2 4:1", SONG), "ZamCompX2")["ratio"] == 4


def test_a_maker_s_name_may_stand_before_it_or_not():
    called = record("ZamEQ2", name="FabFilter Pro-Q 3", file="/vst3/Q.vst3")
    for words in ("EQ with Pro-Q 3", "EQ with fabfilter pro-q 3", "EQ with FabFilter Pro-Q3"):
        assert [name for _, name in found(words, records=(called,))] == ["FabFilter Pro-Q 3"]
    assert found("compress with FabFilter Pro-C 2", records=(called,)) == [("FabFilter Pro-C 2", "")]


@pytest.mark.parametrize(
    ("name", "plain", "effects"),
    [
        ("FabFilter Pro-C 2", "warmer", ["equalizer", "compressor", "saturation"]),
        ("Valhalla Room", "warmer", ["equalizer", "saturation", "reverb", "limiter"]),
        ("Decapitator", "cut 3 dB at 250 Hz", ["equalizer", "saturation"]),
    ],
)
def test_the_words_in_a_name_change_nothing_else(name, plain, effects):
    alone, beside = outcome_of(plain, SONG).plan, outcome_of(f"use {name} on it, {plain}", SONG).plan
    assert [step.effect for step in beside.steps] == effects
    equal = [step for step in beside.steps if step.effect == "equalizer"]
    assert [step.parameters for step in equal] == [
        step.parameters for step in alone.steps if step.effect == "equalizer"
    ]


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("use FabFilter Pro-C 2 on it, warmer", "compressor"),
        ("compress with Waves CLA-76 4:1", "compressor"),
        ("Valhalla Room for reverb", "reverb"),
        ("compress with FooComp", "compressor"),
        ("warmer with Auto-Tune", "pitch_corrector"),
        ("warmer with Little AlterBoy", None),
    ],
)
def test_a_plugin_that_is_not_here_is_a_warning_and_a_promise_not_kept(words, by):
    outcome = outcome_of(words, SONG)
    (replaced,) = outcome.plan.replaced
    assert (replaced.by, replaced.fault) == (by, "missing")
    assert any(f"{replaced.plugin} is not on this machine" in warning for warning in outcome.warnings)
    assert outcome.unsupported == ()


def test_a_missing_plugin_names_those_that_can_play_the_same():
    (warning,) = outcome_of("compress with FabFilter Pro-C 2", SONG).warnings
    assert "of your plugins, ZamComp or ZamCompX2 can play that" in warning


def test_what_was_said_to_a_missing_product_goes_to_the_built_in():
    outcome = outcome_of("use FabFilter Pro-C 2 with threshold -20 and ratio 3", SONG)
    made = outcome.plan.steps[0].parameters
    assert (made["threshold_db"], made["ratio"]) == (-20, 3)


def test_a_missing_plugin_stays_missing_in_the_next_turn_and_can_be_sent_away():
    first = outcome_of("compress with FabFilter Pro-C 2", SONG).plan
    second = outcome_of("warmer", SONG, first).plan
    assert [item.plugin for item in second.replaced] == ["FabFilter Pro-C 2"]
    third = outcome_of("don't use FabFilter Pro-C 2 any more", SONG, second).plan
    assert third.replaced == () and "compressor" in [step.effect for step in third.steps]


def test_two_plugins_of_one_name_are_asked_about_and_told_apart_by_their_makers():
    records = tuple(
        record("ZamComp", vendor=vendor, identifier=vendor, name="Comp", file=f"/vst3/{vendor}.vst3")
        for vendor in ("Acme", "Bolt")
    )
    outcome = outcome_of("use Comp", SONG, records=records)
    assert outcome.kind == "clarify" and "Comp (Acme) and Comp (Bolt)" in outcome.question
    chosen = outcome_of("use Comp (Bolt)", SONG, records=records)
    identity = chosen.plan.steps[0].parameters["plugin"]
    assert (identity["name"], identity["file"]) == ("Comp", "/vst3/Bolt.vst3")


def test_the_same_plugin_installed_twice_is_one():
    records = tuple(record("ZamCompX2", identifier="x", file=f"/{place}/ZamCompX2.vst3") for place in "ab")
    assert names(outcome_of("compress with ZamCompX2", SONG, records=records)) == ["ZamCompX2"]


def test_every_product_of_the_list_is_found_by_its_maker_and_name():
    products = load_products()
    for vendor in products.vendors:
        for product in vendor.products:
            said = product if product.lower().startswith(vendor.name.lower()) else f"{vendor.name} {product}"
            assert found(f"use {said} on it", records=()) == [(said, "")]
