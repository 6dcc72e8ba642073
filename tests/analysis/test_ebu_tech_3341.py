"""EBU Tech 3341 v4 (2023), Table 1: minimum requirements of a loudness meter."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import Analyzer
from bridge.audio import Audio
from tests.analysis.standard_signals import (
    BESIDES_LOUDNESS,
    SILENT,
    faded_sine,
    loudness,
    measured,
    per_channel,
    single_period,
    steps,
)

RATES = (44100, 48000, 96000, 192000)
TOLERANCE_LU = 0.1

INTEGRATED = {
    "case 1": ([(20, -23)], -23.0),
    "case 2": ([(20, -33)], -33.0),
    "case 3": ([(10, -36), (60, -23), (10, -36)], -23.0),
    "case 4": ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
    "case 5": ([(20, -26), (20.1, -20), (20, -26)], -23.0),
}


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("case", INTEGRATED)
def test_gated_programme_reads_its_integrated_loudness(case, rate):
    parts, expected = INTEGRATED[case]
    assert loudness(steps(parts, rate)).number("integrated_loudness") == pytest.approx(
        expected, abs=TOLERANCE_LU
    )


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_a_steady_tone_reads_the_same_momentary_short_term_and_integrated(level, rate):
    analysis = loudness(steps([(20, level)], rate))
    for name in ("momentary_max", "short_term_max", "integrated_loudness"):
        assert analysis.number(name) == pytest.approx(level, abs=TOLERANCE_LU)


@pytest.mark.parametrize("rate", RATES)
def test_case_6_five_channels_are_weighted_and_summed(rate):
    audio = per_channel((-28, -28, -24, -30, -30), 20, rate)
    assert loudness(audio).number("integrated_loudness") == pytest.approx(-23.0, abs=TOLERANCE_LU)


@pytest.mark.parametrize("rate", RATES)
def test_case_9_short_term_stays_at_minus_23(rate):
    audio = steps([(1.34, -20), (1.66, -30)] * 5, rate)
    assert loudness(audio).number("short_term_max") == pytest.approx(-23.0, abs=TOLERANCE_LU)
    assert np.ptp(_curve(audio, "short_term_lufs")) < 2 * TOLERANCE_LU


@pytest.mark.parametrize("rate", RATES)
def test_case_12_momentary_stays_at_minus_23(rate):
    audio = steps([(0.18, -20), (0.22, -30)] * 25, rate)
    assert loudness(audio).number("momentary_max") == pytest.approx(-23.0, abs=TOLERANCE_LU)
    assert np.ptp(_curve(audio, "momentary_lufs")[7:]) < 2 * TOLERANCE_LU


def _curve(audio: Audio, name: str) -> np.ndarray:
    return np.array([x for x in loudness(audio).curves["loudness"][name] if x is not None])


@pytest.mark.parametrize("rate", RATES)
def test_case_10_short_term_maximum_of_3_s_wherever_they_start(rate):
    for i in range(20):
        audio = steps([(i * 0.15, SILENT), (3, -23), (1, SILENT)], rate)
        assert loudness(audio).number("short_term_max") == pytest.approx(-23.0, abs=TOLERANCE_LU), i


@pytest.mark.parametrize("rate", RATES)
def test_case_13_momentary_maximum_of_400_ms_wherever_they_start(rate):
    for i in range(20):
        audio = steps([(i * 0.020, SILENT), (0.4, -23), (1, SILENT)], rate)
        assert loudness(audio).number("momentary_max") == pytest.approx(-23.0, abs=TOLERANCE_LU), i


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("name", "shift_s", "tone_s"), [("short_term_max", 0.15, 3.0), ("momentary_max", 0.020, 0.4)]
)
def test_cases_11_and_14_live_maxima_follow_rising_bursts(name, shift_s, tone_s, rate):
    bursts = [[(i * shift_s, SILENT), (tone_s, -38 + i), (tone_s - i * shift_s, SILENT)] for i in range(20)]
    whole = steps([part for burst in bursts for part in burst], rate).samples
    analyzer = Analyzer(rate, 2, BESIDES_LOUDNESS)
    ends = np.rint(np.cumsum([sum(s for s, _ in burst) for burst in bursts]) * rate).astype(int)
    start = 0
    for i, end in enumerate(ends):
        analyzer.push(whole[:, start:end])
        start = end
        assert analyzer.result().number(name) == pytest.approx(-38 + i, abs=TOLERANCE_LU), i


SINES = {
    "case 15": (4, 0.50, 0.0, -6.0),
    "case 16": (4, 0.50, 45.0, -6.0),
    "case 17": (6, 0.50, 60.0, -6.0),
    "case 18": (8, 0.50, 67.5, -6.0),
    "case 19": (4, 1.41, 45.0, 3.0),
}


@pytest.mark.parametrize("name", ["true_peak", "true_peak_strict"])
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("case", SINES)
def test_true_peak_of_a_sine_between_its_samples(case, rate, name):
    part, amplitude, phase, expected = SINES[case]
    got = measured(faded_sine(part, amplitude, phase, rate)).number(name)
    assert expected - 0.4 <= got <= expected + 0.2


@pytest.mark.parametrize("name", ["true_peak", "true_peak_strict"])
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("offset", range(4))
def test_cases_20_to_23_true_peak_of_a_single_period(offset, rate, name):
    got = measured(single_period(offset, rate)).number(name)
    assert -0.4 <= got <= 0.2
