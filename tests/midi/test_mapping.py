"""A map turns values in our units into positions and back; what a map file gets wrong is told with its place."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bridge.effects import EFFECTS
from bridge.errors import BadInput
from bridge.midi.mapping import Entry, map_of
from bridge.midi.parameter import parameter


def one(**line: Any) -> Entry:
    return map_of("test", {"title": "t", "controls": [line]}).entries[0]


def test_a_linear_span_is_divided_evenly() -> None:
    entry = one(parameter="compressor.threshold_db", cc=21, low=-60, high=0)
    assert [entry.position(value)[0] for value in (-60, -30, 0)] == [0, 64, 127]
    assert entry.position(-18.0) == (89, True)
    assert entry.said(89) == "-17.953 dBFS"


def test_a_log_span_is_divided_by_ratios() -> None:
    """The middle of 20 Hz to 20 kHz is their geometric mean, 632 Hz."""
    entry = one(parameter="equalizer.bands[1].frequency_hz", nrpn=130, low=20, high=20000)
    assert entry.curve == "log"
    assert entry.position(math.sqrt(20 * 20000))[0] == 8192
    assert entry.value(0) == pytest.approx(20) and entry.value(16383) == pytest.approx(20000)


def test_a_span_may_run_backwards() -> None:
    entry = one(parameter="compressor.threshold_db", cc=21, low=0, high=-60)
    assert entry.position(0)[0] == 0 and entry.position(-60)[0] == 127


def test_a_span_may_reach_farther_than_our_own_parameter() -> None:
    """A DAW's fader goes from -70 to +6 dB, whatever ours does."""
    assert one(parameter="limiter.ceiling_dbtp", cc=21, low=-70, high=6).position(-32.0)[0] == 64


def test_a_ratio_is_said_as_people_write_it() -> None:
    assert one(parameter="compressor.ratio", cc=22, low=1, high=20).said(127) == "20:1"


def test_what_lies_outside_is_held_and_told() -> None:
    entry = one(parameter="compressor.threshold_db", cc=21, low=-40, high=0)
    assert entry.position(-50.0) == (0, False)


@pytest.mark.parametrize(
    ("kind", "within_db"), [("cc", 60 / 127 / 2), ("cc14", 60 / 16383 / 2), ("nrpn", 60 / 16383 / 2)]
)
def test_a_value_comes_back_to_half_a_step(kind: str, within_db: float) -> None:
    entry = one(parameter="compressor.threshold_db", **{kind: 20}, low=-60, high=0)
    for value in (-59.9, -33.3, -18.0, -0.1):
        assert entry.value(entry.position(value)[0]) == pytest.approx(value, abs=within_db + 1e-9)


def test_switches_and_choices_are_spread_over_the_control() -> None:
    switch = one(parameter="gate.active", cc=20)
    assert (switch.position("off"), switch.position("on")) == ((0, True), (127, True))
    choice = one(parameter="compressor.detector", cc=20)
    words = choice.parameter.words
    assert [choice.said(choice.position(word)[0]) for word in words] == list(words)


def test_the_span_is_the_parameters_own_where_none_is_given() -> None:
    entry = one(parameter="pan.position", cc=20)
    assert (entry.low, entry.high) == (-100, 100)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_every_number_and_switch_of_every_effect_can_be_mapped(effect: Any) -> None:
    for name in (*effect.quantities(), *effect.switches(), *effect.choices(), "active"):
        entry = one(parameter=f"{effect.name}.{name}", cc14=20)
        assert entry.position(entry.value(entry.control.highest))[0] == entry.control.highest


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"parameter": "compresor.ratio", "cc": 20}, "no EFFECT.PARAMETER"),
        ({"parameter": "compressor.treshold_db", "cc": 20}, "no parameter 'treshold_db'"),
        ({"parameter": "equalizer.bands[0].q", "cc": 20}, "no parameter"),
        ({"parameter": "equalizer.bands", "cc": 20}, "neither a number nor a choice"),
        ({"parameter": "compressor.ratio"}, "exactly one of"),
        ({"parameter": "compressor.ratio", "cc": 20, "nrpn": 3}, "exactly one of"),
        ({"parameter": "compressor.ratio", "cc": 6}, "meaning of its own"),
        ({"parameter": "compressor.ratio", "cc": 123}, "meaning of its own"),
        ({"parameter": "compressor.ratio", "cc14": 40}, "1 to 31"),
        ({"parameter": "compressor.ratio", "cc": 20, "channel": 17}, "less than or equal to 16"),
        ({"parameter": "compressor.threshold_db", "cc": 20, "low": float("inf")}, "finite number"),
        ({"parameter": "compressor.threshold_db", "cc": 20, "low": -6, "high": -6}, "both -6"),
        ({"parameter": "compressor.threshold_db", "cc": 20, "curve": "log"}, "needs both above 0"),
        ({"parameter": "gate.active", "cc": 20, "low": 0}, "no low and high"),
        ({"parameter": "compressor.ratio", "cc": 20, "curv": "log"}, "Extra inputs"),
        ({"parameter": "compressor.ratio", "cc": "20"}, "valid integer"),
    ],
)
def test_a_broken_line_is_told_with_its_place(line: dict[str, Any], said: str) -> None:
    good = {"parameter": "gain.gain_db", "cc": 90}
    with pytest.raises(BadInput, match=said) as caught:
        map_of("mine", {"title": "t", "controls": [good, line]})
    assert "mine" in caught.value.message and "controls[2]" in caught.value.message


@pytest.mark.parametrize(
    "second",
    [
        {"parameter": "gain.gain_db", "cc": 20},
        {"parameter": "gain.gain_db", "cc": 52},
        {"parameter": "compressor.ratio", "cc": 90},
    ],
)
def test_no_control_turns_two_parameters_not_even_by_its_fine_half(second: dict[str, Any]) -> None:
    first = {"parameter": "compressor.ratio", "cc14": 20}
    with pytest.raises(BadInput, match="give each its own"):
        map_of("mine", {"title": "t", "controls": [first, second]})


def test_the_same_controller_on_another_channel_is_another_control() -> None:
    lines = [
        {"parameter": "gain.gain_db", "cc": 20, "channel": 1, "where": "Drums"},
        {"parameter": "gain.gain_db", "cc": 20, "channel": 2, "where": "Bass"},
    ]
    assert len(map_of("mine", {"title": "t", "controls": lines}).entries) == 2


def test_a_parameter_that_no_effect_has_is_told_with_those_it_has() -> None:
    with pytest.raises(BadInput, match="threshold_db"):
        parameter("compressor.volume")
