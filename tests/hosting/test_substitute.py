"""A missing plugin's step as the built-in effect that comes nearest: no plugin is needed for this."""

from __future__ import annotations

import pytest

from bridge.effects import BY_NAME
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.hosting.mapping import PluginMap, Target, load_maps, substitute


def step(name: str, **parameters) -> HostedPlugin:
    return HostedPlugin(plugin={"name": name}, parameters=parameters)


def test_a_compressor_keeps_its_numbers():
    found = substitute(
        step("ZamComp", threshold_db=-22, ratio=3, attack_ms=12, makeup_db=4), load_maps()["ZamComp"]
    )
    assert found == BY_NAME["compressor"](threshold_db=-22, ratio=3, attack_ms=12, makeup_db=4)


def test_a_compressor_whose_loudness_is_kept_keeps_it_without_the_plugin():
    kept = step("ZamComp", threshold_db=-22, ratio=3).model_copy(update={"keep_loudness": True})
    found = substitute(kept, load_maps()["ZamComp"])
    assert (found.name, found.auto_makeup) == ("compressor", True)


def test_what_the_built_in_cannot_do_is_held_at_its_limit():
    found = substitute(step("ZamComp", threshold_db=-75, makeup_db=30), load_maps()["ZamComp"])
    assert (found.threshold_db, found.makeup_db) == (-60, 12)


def test_a_gate_s_range_comes_back_with_its_own_sign():
    found = substitute(step("ZamGate", threshold_db=-40, max_gate_close_db=-30), load_maps()["ZamGate"])
    assert (found.name, found.threshold_db, found.range_db) == ("gate", -40, 30)


def test_values_with_units_in_words_are_read():
    found = substitute(step("ZamComp", threshold_db="-20 dB", attack_ms="0.02 s"), load_maps()["ZamComp"])
    assert (found.threshold_db, found.attack_ms) == (-20, pytest.approx(20))


def test_an_equaliser_s_bands_come_back_with_their_q():
    found = substitute(
        step(
            "ZamEQ2",
            frequency_1_hz=250,
            boost_cut_1_db=-3,
            bandwidth_1=3.0,
            frequency_h_hz=8000,
            boost_cut_h_db=2,
        ),
        load_maps()["ZamEQ2"],
    )
    bell, shelf = found.bands
    assert (bell.kind, bell.frequency_hz, bell.gain_db) == ("bell", 250, -3)
    assert bell.q == pytest.approx(1.127)  # the measured point at which their bandwidth is 3
    assert (shelf.kind, shelf.frequency_hz, shelf.gain_db) == ("high_shelf", 8000, 2)


@pytest.mark.parametrize("value", [0.8, 1.127, 2.0, 5.0])
def test_the_way_back_is_the_inverse_of_the_way_there(value):
    points = load_maps()["ZamEQ2"].bands[0].q
    assert points is not None and points.ours(points.theirs(value)) == pytest.approx(value)
    assert Target(to="x", factor=-2, offset=3).ours(Target(to="x", factor=-2, offset=3).theirs(value)) == (
        pytest.approx(value)
    )


def test_a_factor_of_nothing_is_refused():
    with pytest.raises(ValueError, match="factor of 0"):
        PluginMap.model_validate(
            {"plugin": "X", "effect": "gate", "parameters": {"ratio": {"to": "r", "factor": 0}}}
        )


def test_without_a_map_the_name_says_which_effect_and_equal_names_are_taken_over():
    found = substitute(step("Foo Bus Compressor", threshold_db=-30, ratio=3, colour="red"), None)
    assert found == BY_NAME["compressor"](threshold_db=-30, ratio=3)


@pytest.mark.parametrize("name", ["Xyzzy", "Foo EQ"])
def test_nothing_comes_near_an_unknown_name_or_an_equaliser_whose_bands_are_not_known(name):
    assert substitute(step(name, gain=3), None) is None
