"""From "-6 dB" to a raw value, without any plugin: pedalboard's view of a parameter is stood in for by a table."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BadPlan
from bridge.hosting.parameters import GRID, Table, raw_values


def seen(name: str, unit: str, text, **more) -> SimpleNamespace:
    """What pedalboard makes of a parameter whose raw values 0, 0.001, ... read as `text(raw)`."""
    ranges, start, last = {}, 0.0, text(0.0)
    for step in range(1, GRID + 1):
        now = text(step / GRID)
        if now != last:
            ranges[(start, step / GRID)] = last
            start, last = step / GRID, now
    ranges[(start, 1)] = last
    plain = {"default_raw_value": 0.5, "is_automatable": True, **more}
    return SimpleNamespace(name=name, label=unit, ranges=ranges, **plain)


def threshold() -> Table:
    return Table("threshold_db", seen("Threshold", "dB", lambda raw: round(raw * 60 - 60, 1)))


def cutoff() -> Table:
    return Table("cutoff_hz", seen("Cutoff", "Hz", lambda raw: round(20 * 1000**raw)))


def curved() -> Table:
    """A law that is neither straight nor logarithmic."""
    return Table("time_ms", seen("Time", "ms", lambda raw: round(1000 * raw**3, 3)))


@given(st.floats(-60, 0))
def test_a_straight_law_is_followed_beyond_the_rounding_of_its_texts(value):
    assert threshold().raw(value, "P") == pytest.approx((value + 60) / 60, abs=1e-9)


@given(st.floats(20, 20000))
def test_a_logarithmic_law_is_followed_beyond_the_rounding_of_its_texts(value):
    assert cutoff().raw(value, "P") == pytest.approx(math.log(value / 20) / math.log(1000), abs=1e-9)


@given(st.floats(0, 1000))
def test_any_rising_law_is_inverted_within_a_step(value):
    assert abs(1000 * curved().raw(value, "P") ** 3 - value) < 3.1


def test_a_falling_law_is_inverted():
    table = Table("x", seen("X", "", lambda raw: round((1 - raw) ** 2, 4)))
    assert table.raw(0.25, "P") == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "hz"), [("2 kHz", 2000), ("2k", 2000), ("2000", 2000), ("2,5 khz", 2500), ("1e3 Hz", 1000)]
)
def test_units_are_understood(text, hz):
    assert cutoff().raw(text, "P") == pytest.approx(cutoff().raw(hz, "P"))


def test_seconds_become_milliseconds():
    assert curved().raw("0.5 s", "P") == pytest.approx(curved().raw(500, "P"))


@pytest.mark.parametrize(
    "wrong", [math.nan, math.inf, "nan", "-3 Hz", "loud", None, True, [1], 0.5, -61.0, "1e999"]
)
def test_what_is_no_number_in_range_is_refused(wrong):
    with pytest.raises(BadPlan, match="P: threshold_db"):
        threshold().raw(wrong, "P")


def test_a_switch_takes_true_and_false_in_many_words():
    switch = Table("on", seen("On", "", lambda raw: raw >= 0.5))
    assert [switch.raw(word, "P") > 0.5 for word in (True, "on", "Yes", 1, 1.0)] == [True] * 5
    assert [switch.raw(word, "P") > 0.5 for word in (False, "off", "No", 0, 0.0)] == [False] * 5
    with pytest.raises(BadPlan, match="is a switch"):
        switch.raw("maybe", "P")


def test_unknown_names_are_refused_with_the_nearest_and_nothing_else_is_taken():
    known = {"threshold_db": threshold(), "cutoff_hz": cutoff()}
    with pytest.raises(BadPlan, match="no parameter 'treshold_db'; nearest: threshold_db"):
        raw_values(known, {"cutoff_hz": 100, "treshold_db": -3}, "P")
    assert raw_values(known, {"Threshold": -30}, "P") == {"threshold_db": pytest.approx(0.5)}


def test_meters_and_what_the_host_owns_cannot_be_set():
    meter = Table("level_db", seen("Level", "dB", lambda raw: round(raw * 60 - 60, 1), is_automatable=False))
    block = Table("buffer_size_frames", seen("Buffer Size", "frames", lambda raw: round(raw * 100)))
    for table in (meter, block):
        with pytest.raises(BadPlan, match="cannot be set"):
            raw_values({table.key: table}, {table.key: -3}, "P")
