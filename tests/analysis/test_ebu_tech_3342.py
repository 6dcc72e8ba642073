"""EBU Tech 3342 v4 (2023): loudness range, tolerance 1 LU, unchanged when the signal is repeated."""

from __future__ import annotations

import pytest

from tests.analysis.standard_signals import loudness, steps

CASES = {
    "case 1": ([-20, -30], 10),
    "case 2": ([-20, -15], 5),
    "case 3": ([-40, -20], 20),
    "case 4": ([-50, -35, -20, -35, -50], 15),
}


@pytest.mark.parametrize("rate", [44100, 48000, 96000, 192000])
@pytest.mark.parametrize("case", CASES)
def test_loudness_range_of_steps_of_20_s(case, rate):
    levels, expected = CASES[case]
    assert loudness(steps([(20, x) for x in levels], rate)).number("loudness_range") == pytest.approx(
        expected, abs=1
    )


@pytest.mark.parametrize("case", CASES)
def test_loudness_range_stays_when_the_signal_is_repeated(case):
    levels, expected = CASES[case]
    audio = steps([(20, x) for x in levels] * 2)
    assert loudness(audio).number("loudness_range") == pytest.approx(expected, abs=1)
