"""Plugins from words that are not there, not trusted or not mapped, and what a plugin is guessed to be."""

from __future__ import annotations

import pytest

from bridge.effects import BY_NAME
from bridge.hosting import Catalogue
from bridge.hosting.guessing import guess
from bridge.hosting.mapping import load_maps
from tests.planning.casebook import SOUNDS
from tests.planning.test_plugins import names
from tests.planning.zam import RECORDS, outcome_of, record

SONG = SOUNDS["song"]


@pytest.mark.parametrize(
    ("words", "effect"),
    [
        ("use my ZamComp for compression", "compressor"),
        ("gate it with ZamGate", "gate"),
        ("ZaMaximX2 as the limiter, -14 LUFS", "loudness"),
        ("cut 3 dB at 250 Hz with ZamEQ2", "equalizer"),
        ("use ZamComp", "compressor"),
    ],
)
def test_a_plugin_that_is_not_here_gives_way_to_the_built_in_and_that_is_said(words, effect):
    outcome = outcome_of(words, SONG, records=())
    assert names(outcome) == [effect]
    said = "the limiter of the built-in loudness step does that" if effect == "loudness" else "; the built-in"
    assert any("is not on this machine" in warning and said in warning for warning in outcome.warnings)
    (replaced,) = outcome.plan.replaced
    assert (replaced.by, replaced.fault, replaced.step) == (effect, "missing", f"{effect}-1")


def test_numbers_said_to_a_plugin_that_is_not_here_are_translated():
    outcome = outcome_of("use ZamComp with threshold -22 and ratio 3", SONG, records=())
    made = outcome.plan.steps[0].parameters
    assert (made["threshold_db"], made["ratio"]) == (-22, 3)


def test_an_unknown_plugin_alone_is_refused_with_the_built_in_that_comes_nearest():
    outcome = outcome_of("use FooComp", SONG)
    assert outcome.kind == "unsupported"
    assert "FooComp is not on this machine" in outcome.unsupported[0]
    assert "of the built-in effects compressor comes nearest" in outcome.unsupported[0]


def test_a_name_that_nobody_knows_gives_way_too():
    outcome = outcome_of("use my FooComp for compression", SONG)
    assert names(outcome) == ["compressor"]
    assert any("FooComp is not on this machine" in warning for warning in outcome.warnings)


@pytest.mark.parametrize("status", ["crashed", "hung"])
def test_a_plugin_that_failed_its_scan_is_named_as_such(status):
    broken = record("ZamCompX2", status=status)
    outcome = outcome_of("compress with ZamCompX2", SONG, records=(broken,))
    assert names(outcome) == ["compressor"]
    assert any(f"cannot be used ({status}" in warning for warning in outcome.warnings)


def test_a_plugin_in_quarantine_is_planned_with_a_warning_and_the_render_decides(tmp_path):
    bundle = tmp_path / "ZamCompX2.vst3"
    bundle.mkdir()
    catalogue = Catalogue(tmp_path / "state")
    for _ in range(2):
        catalogue.strikes.add(bundle, "crashed", "it crashed")
    fickle = record("ZamCompX2", file=str(bundle))
    outcome = outcome_of("compress with ZamCompX2", SONG, records=(fickle,), catalogue=catalogue)
    assert names(outcome) == ["ZamCompX2"]
    assert any("quarantine" in w and "plugins forgive ZamCompX2" in w for w in outcome.warnings)


def test_a_guessed_map_is_never_used_silently():
    outcome = outcome_of("compress with ZamCompX2", SONG, maps={})
    assert names(outcome) == ["compressor"]
    assert any(
        "`dawbridge plugins map ZamCompX2 --effect compressor` shows it" in w for w in outcome.warnings
    )


def test_a_guess_that_was_trusted_plays():
    trusted = guess(BY_NAME["compressor"], record("ZamCompX2")).model_copy(update={"trusted": True})
    assert names(outcome_of("compress with ZamCompX2", SONG, maps={"ZamCompX2": trusted})) == ["ZamCompX2"]


def test_a_plugin_without_a_map_for_the_effect_says_which_command_proposes_one():
    outcome = outcome_of("use ZamTube for saturation", SONG)
    assert names(outcome) == ["saturation"]
    assert any("`dawbridge plugins map ZamTube --effect saturation`" in w for w in outcome.warnings)


def test_a_plugin_for_the_eq_with_nothing_to_correct_asks_for_a_frequency():
    outcome = outcome_of("use ZamEQ2 for the EQ", SONG)
    assert outcome.kind == "no_op" and "ZamEQ2 plays it" in outcome.answer


# -- guesses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ZamComp", "ZamCompX2", "ZamGate", "ZamGateX2", "ZamDelay", "ZaMaximX2"])
def test_the_guess_finds_what_the_shipped_map_says(name):
    shipped = load_maps()[name]
    found = guess(BY_NAME[shipped.effect], record(name))
    guessed = {ours: (item.to, item.factor) for ours, item in found.parameters.items()}
    left_out = {"knee_db": ("knee_db", 1.0)} if "Comp" in name else {}  # by ear, not by name: see the map
    assert guessed == left_out | {ours: (item.to, item.factor) for ours, item in shipped.parameters.items()}
    assert not found.trusted


def test_the_guess_finds_an_equaliser_s_bands():
    shipped, found = load_maps()["ZamEQ2"], guess(BY_NAME["equalizer"], record("ZamEQ2"))
    assert [(slot.kind, slot.frequency_hz, slot.gain_db) for slot in found.bands] == [
        (slot.kind, slot.frequency_hz, slot.gain_db) for slot in shipped.bands
    ]


@pytest.mark.parametrize("found", RECORDS, ids=lambda item: item.name)
def test_a_plugin_is_guessed_to_be_what_it_is_or_nothing(found):
    maps = load_maps()
    expected = {maps[found.name].effect} if found.name in maps else set()
    assert {name for name, effect in BY_NAME.items() if guess(effect, found)} == expected
