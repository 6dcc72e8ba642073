"""Report ITU-R BS.2217: compliance signals of BS.1770 meters; levels as read from the official files, +-0.1 LKFS."""

from __future__ import annotations

import pytest

from tests.analysis.standard_signals import loudness, per_channel, steps

RATES = (44100, 48000, 96000, 192000)
TONES = {25: -11.91, 100: -21.17, 500: -22.35, 1000: -23.00, 2000: -25.37, 10000: -26.34}
CHANNELS = {"left": 0, "right": 1, "centre": 2, "left surround": 4, "right surround": 5}


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("down_db", [0, 1])
@pytest.mark.parametrize("hz", TONES)
def test_k_weighted_tones_all_read_the_same(hz, down_db, rate):
    audio = steps([(29 if rate == 48000 else 5, TONES[hz] - down_db)], rate, hz)
    assert loudness(audio).number("integrated_loudness") == pytest.approx(-23.0 - down_db, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", CHANNELS)
def test_each_channel_of_5_1_has_its_weight(name, rate):
    levels: list[float | None] = [None] * 6
    levels[CHANNELS[name]] = -21.48 if "surround" in name else -19.99
    assert loudness(per_channel(levels, 10, rate)).number("integrated_loudness") == pytest.approx(
        -23.0, abs=0.1
    )


@pytest.mark.parametrize("rate", RATES)
def test_the_lfe_channel_does_not_count(rate):
    audio = per_channel((None, None, None, -18.16, None, None), 10, rate, 100.0)
    reading = loudness(audio)["integrated_loudness"]
    assert reading.value is None
    assert reading.reason


@pytest.mark.parametrize("rate", RATES)
def test_relative_gate(rate):
    parts = [(0.5, -88.8), (0.9, -19.9), (1.3, -7.1), (0.8, -19.9), (0.5, -88.8)]
    assert loudness(steps(parts, rate)).number("integrated_loudness") == pytest.approx(-10.0, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_absolute_gate(rate):
    quiet, burst = -88.8, (0.5, -69.47)
    parts = [(0.8, quiet), burst, (0.5, quiet), burst, (0.5, quiet), burst, (0.7, quiet)]
    assert loudness(steps(parts, rate)).number("integrated_loudness") == pytest.approx(-69.5, abs=0.1)


def test_annex_1_sine_at_full_scale_in_one_channel_reads_minus_3_01():
    for channel in range(3):
        levels: list[float | None] = [None] * 5
        levels[channel] = 0.0
        audio = per_channel(levels, 5, hz=997.0)
        assert loudness(audio).number("integrated_loudness") == pytest.approx(-3.01, abs=0.01)
