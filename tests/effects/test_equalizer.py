import numpy as np
import pytest
from scipy.signal import sosfilt

from bridge.analysis import analyze
from bridge.audio import Audio
from bridge.effects import Equalizer
from bridge.effects.equalizer import Band, sections
from tests import signals
from tests.effects.judges import response_db
from tests.effects.streams import apply, impulse

RATE = 48000


def response(*bands: Band, rate: int = RATE):
    out = apply(Equalizer(bands=bands), impulse(2.0, rate))
    return lambda frequency: response_db(out, rate, frequency)


@pytest.mark.parametrize("kind", ["high_pass", "low_pass"])
@pytest.mark.parametrize("slope", [12, 24])
@pytest.mark.parametrize("cutoff", [80.0, 1000.0, 8000.0])
@pytest.mark.parametrize("rate", [44100, 48000, 192000])
def test_a_pass_is_3_db_down_at_its_cutoff(kind, slope, cutoff, rate):
    level = response(Band(kind=kind, frequency_hz=cutoff, slope_db_per_octave=slope), rate=rate)
    assert level(cutoff) == pytest.approx(-3.0103, abs=0.01)


@pytest.mark.parametrize("slope", [12, 24])
def test_a_pass_falls_by_its_slope_in_each_octave(slope):
    high = response(Band(kind="high_pass", frequency_hz=1000, slope_db_per_octave=slope))
    assert high(250) - high(125) == pytest.approx(slope, abs=0.1)
    low = response(Band(kind="low_pass", frequency_hz=200, slope_db_per_octave=slope))
    assert low(800) - low(1600) == pytest.approx(slope, abs=0.3)
    assert high(10_000) == pytest.approx(0, abs=0.01) and low(20) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("order", [2, 4])
def test_a_pass_has_the_magnitude_of_a_butterworth_filter(order):
    """|H|^2 = 1 / (1 + (tan(pi f/fs) / tan(pi fc/fs))^2n): the analogue closed form under the bilinear transform."""
    level = response(Band(kind="low_pass", frequency_hz=2000, slope_db_per_octave=6 * order))
    for frequency in (100.0, 1500.0, 2500.0, 6000.0, 12000.0):
        warped = np.tan(np.pi * frequency / RATE) / np.tan(np.pi * 2000 / RATE)
        assert level(frequency) == pytest.approx(-10 * np.log10(1 + warped ** (2 * order)), abs=0.01)


@pytest.mark.parametrize("gain", [-18.0, -3.0, 6.0, 18.0])
@pytest.mark.parametrize("q", [0.5, 2.0, 10.0])
def test_a_bell_has_its_gain_at_its_centre_and_the_cookbook_curve_around(gain, q):
    level = response(Band(frequency_hz=1000, gain_db=gain, q=q))
    a = 10 ** (gain / 40)
    for frequency in (200.0, 800.0, 1000.0, 1300.0, 5000.0):
        s = 1j * np.tan(np.pi * frequency / RATE) / np.tan(np.pi * 1000 / RATE)
        analogue = (s * s + s * a / q + 1) / (s * s + s / (a * q) + 1)
        assert level(frequency) == pytest.approx(20 * np.log10(abs(analogue)), abs=0.01)
    assert level(1000) == pytest.approx(gain, abs=0.01)


@pytest.mark.parametrize(("kind", "full", "untouched"), [("low_shelf", 20, 15000), ("high_shelf", 20000, 40)])
@pytest.mark.parametrize("gain", [-12.0, 6.0])
def test_a_shelf_has_half_its_gain_at_its_frequency_all_of_it_beyond_and_none_before(
    kind, full, untouched, gain
):
    level = response(Band(kind=kind, frequency_hz=1000, gain_db=gain, q=0.71))
    assert level(1000) == pytest.approx(gain / 2, abs=0.02)
    assert level(full) == pytest.approx(gain, abs=0.05)
    assert level(untouched) == pytest.approx(0, abs=0.05)


def test_bands_add_up():
    both = response(Band(frequency_hz=300, gain_db=4, q=1), Band(frequency_hz=3000, gain_db=-5, q=1))
    one, other = (
        response(Band(frequency_hz=300, gain_db=4, q=1)),
        response(Band(frequency_hz=3000, gain_db=-5, q=1)),
    )
    for frequency in (100.0, 300.0, 1000.0, 3000.0):
        assert both(frequency) == pytest.approx(one(frequency) + other(frequency), abs=0.001)


def test_a_band_at_0_db_and_no_band_give_the_very_same_samples():
    music = signals.music_like(0.5)
    flat = Equalizer(bands=(Band(frequency_hz=1000, gain_db=0.0),))
    assert np.array_equal(apply(flat, music), music.samples)
    assert np.array_equal(apply(Equalizer(), music), music.samples)


def test_a_band_above_the_reach_of_a_low_rate_stays_stable():
    out = apply(
        Equalizer(bands=(Band(kind="high_shelf", frequency_hz=20000, gain_db=18),)),
        signals.white(-20, 1, 8000),
    )
    assert np.isfinite(out).all() and np.abs(out).max() < 8


def test_rumble_is_taken_away_only_where_there_is_rumble():
    from bridge.analysis.reading import Analysis

    assert Equalizer.auto(Analysis.from_readings({"band_sub": -3.0, "band_low": -12.0})) is not None
    assert Equalizer.auto(Analysis.from_readings({"band_sub": -20.0, "band_low": -8.0})) is None


def test_it_says_what_it_does():
    bands = (
        Band(frequency_hz=250, gain_db=-3, q=2),
        Band(kind="high_pass", frequency_hz=80, slope_db_per_octave=24),
    )
    assert Equalizer(bands=bands).describe() == "-3.0 dB at 250 Hz, Q 2; high-pass at 80 Hz, 24 dB/oct"


@pytest.mark.parametrize("hz", [420.0, 1300.0, 3100.0])
def test_a_planted_resonance_of_9_db_is_cut_where_it_stands_and_flat_noise_is_left_alone(hz):
    """Planted with scipy's own filter run; found within 3 % of its frequency, 3 dB at most left of it."""
    noise = signals.pink(-24, 8.0)
    assert Equalizer.auto(analyze(noise, ("tempo", "key"))) is None
    planted = sosfilt(np.array(sections(Band(frequency_hz=hz, gain_db=9.0, q=8.0), 48000)), noise.samples)
    found = Equalizer.auto(analyze(Audio(planted.astype(np.float32), 48000), ("tempo", "key")))
    assert found is not None and len(found.bands) == 1
    assert found.bands[0].frequency_hz == pytest.approx(hz, rel=0.03)
    assert -9.0 - 1.5 <= found.bands[0].gain_db <= -6.0
