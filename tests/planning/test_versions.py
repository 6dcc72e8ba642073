"""What counts as the same plugin."""

from __future__ import annotations

import pytest

from bridge.planning.context import Context
from bridge.planning.edits import merge
from bridge.planning.intent import Intent
from bridge.planning.versions import same_plugin
from bridge.presets import load_lexicon


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("ZamComp", "ZamCompX2", True), ("zamcompx2", "ZamComp", True), ("Deluxe Stereo", "Deluxe Mono", True),
        ("Deluxe", "Deluxe-stereo", True), ("ValhallaRoom", "valhallaroom ", True),
        ("Valhalla", "ValhallaRoom", False), ("ZamEQ", "ZamEQ2", False), ("Pro-Q", "Pro-Q 3", False),
        ("Stereo", "Mono", False), ("X2", "", False),
    ],
)  # fmt: skip
def test_versions_for_other_channels_are_one_plugin_and_longer_names_are_others(
    one: str, two: str, same: bool
) -> None:
    assert same_plugin(one, two) is same and same_plugin(two, one) is same


def test_a_plugin_that_is_sent_away_takes_no_other_with_it_whose_name_begins_alike() -> None:
    wishes = ("Valhalla", "ValhallaX2", "ValhallaRoom")
    asked = [Intent(operation="plugin", subject=name, words=f"use {name}") for name in wishes]
    away = Intent(operation="remove", subject="plugin:Valhalla", words="without Valhalla")
    merged = merge((*asked, away), Context(analyses={}, lexicon=load_lexicon()))
    assert [intent.subject for intent in merged.intents] == ["ValhallaRoom"]
