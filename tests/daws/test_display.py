"""Displayed values as DAWs write them, and the raw value behind one."""

from __future__ import annotations

import math

import pytest

from bridge.daws.display import number_shown, raw_value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2.50 kHz", 2500.0), ("440 Hz", 440.0), ("-3.5 dB", -3.5), ("\u22123,5 dB", -3.5), ("4.00 : 1", 4.0),
        ("1.20 s", 1200.0), ("35 ms", 35.0), ("50 %", 50.0), ("-inf dB", -math.inf), (".5", 0.5),
        ("Off", None), ("", None),
    ],
)  # fmt: skip
def test_numbers_as_they_are_displayed(text, number):
    assert number_shown(text) == number


@pytest.mark.parametrize("wanted", [20.0, 80.0, 1000.0, 12_345.0, 20_000.0])
def test_the_raw_value_is_found_over_a_curve_that_nobody_told(wanted):
    """A logarithmic frequency knob of 0..1 that changes its unit on the way."""

    def show(raw: float) -> str:
        hz = 20.0 * 1000**raw
        return f"{hz / 1000:.3f} kHz" if hz >= 1000 else f"{hz:.2f} Hz"

    raw = raw_value(show, 0.0, 1.0, wanted)
    assert raw is not None
    assert 20.0 * 1000**raw == pytest.approx(wanted, rel=0.001)


def test_falling_displays_and_ends_without_a_number():
    assert raw_value(lambda raw: f"{10 - raw} dB", 0.0, 10.0, 2.5) == pytest.approx(7.5)
    silent = raw_value(
        lambda raw: "-inf dB" if raw <= 0 else f"{20 * math.log10(raw):.2f} dB", 0.0, 4.0, -6.0
    )
    assert silent == pytest.approx(10 ** (-6 / 20), rel=0.001)
    assert raw_value(lambda raw: "On", 0.0, 1.0, 3.0) is None


def test_beyond_the_end_is_the_end():
    assert raw_value(lambda raw: f"{raw:.1f}", 0.0, 10.0, 99.0) == pytest.approx(10.0, abs=0.01)
