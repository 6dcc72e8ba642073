"""Width by frequency, and width for a sound that has none: sides by the asked dB, the mono sum as it was."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects import StereoWidth
from tests import signals
from tests.effects.streams import apply, level_db, through

RATE = 48000
SEED = 20261121


def sides_of(frequency: float, rate: int = RATE) -> Audio:
    tone = signals.sine(frequency, -12, 2.0, rate, channels=1).samples[0]
    return Audio(np.stack([tone, -tone]), rate)


def mid(samples: np.ndarray) -> np.ndarray:
    return 0.5 * (samples[0].astype(np.float64) + samples[1])


BY_BAND = StereoWidth(
    width=0.5,
    bands=(
        {"above_hz": 250, "width": 1.5},
        {"above_hz": 2000, "width": 2.0},
        {"above_hz": 8000, "width": 0.25},
    ),
)


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize(
    ("frequency", "factor"), [(60, 0.5), (150, 0.5), (700, 1.5), (4000, 2.0), (15000, 0.25)]
)
def test_each_band_has_the_side_gain_that_was_asked(rate, frequency, factor):
    out = apply(BY_BAND, sides_of(frequency, rate))
    gain = level_db(out[:, rate // 2 : -rate // 2]) - level_db(sides_of(frequency, rate).samples)
    assert gain == pytest.approx(20 * np.log10(factor), abs=0.2)


@pytest.mark.parametrize("rate", [8000, 48000, 192000])
def test_however_the_bands_are_set_the_mono_sum_stays(rate):
    noise = signals.white(-12, 0.5, rate, 2, seed=SEED)
    out = apply(BY_BAND.model_copy(update={"mono_below_hz": 120.0, "decorrelation": 0.6}), noise)
    assert np.abs(mid(out) - mid(noise.samples)).max() < 1e-6, SEED


@pytest.mark.parametrize("frequency", [30.0, 80.0, 120.0])
def test_bass_is_not_widened_by_a_band_above_it_nor_by_the_rest(frequency):
    effect = StereoWidth(width=2.0, bands=({"above_hz": 5000, "width": 3.0},))
    gain = level_db(apply(effect, sides_of(frequency))[:, RATE // 2 : -RATE // 2])
    assert gain - level_db(sides_of(frequency).samples) == pytest.approx(0, abs=0.2)


def test_bass_is_widened_where_a_band_asks_for_it():
    gain = level_db(
        apply(StereoWidth(bands=({"above_hz": 40, "width": 2.0},)), sides_of(100.0))[:, 24000:72000]
    )
    assert gain - level_db(sides_of(100.0).samples) == pytest.approx(6.02, abs=0.2)


def test_a_mono_sound_gets_a_side_and_keeps_its_sum_and_its_bass():
    one = signals.pink(-18, 4.0, channels=1, seed=SEED).samples[0]
    audio = Audio(np.stack([one, one]), RATE)
    out = apply(StereoWidth(decorrelation=0.5), audio)
    assert np.abs(mid(out) - mid(audio.samples)).max() < 1e-6
    correlation = np.corrcoef(out[0], out[1])[0, 1]
    assert 0.3 < correlation < 0.9, SEED
    side = np.fft.rfft(0.5 * (out[0].astype(np.float64) - out[1]))
    whole = np.fft.rfft(mid(out))
    at = np.fft.rfftfreq(out.shape[1], 1 / RATE)

    def share_db(low, high):
        band = (at >= low) & (at < high)
        return 10 * np.log10((np.abs(side[band]) ** 2).sum() / (np.abs(whole[band]) ** 2).sum())

    for low, high in ((300, 600), (600, 2400), (2400, 9600), (9600, 19200)):
        assert share_db(low, high) == pytest.approx(20 * np.log10(0.5), abs=1.0), (low, SEED)
    assert share_db(20, 120) < -40


def test_how_the_stream_is_cut_changes_no_bit_of_a_width_by_bands():
    audio = signals.music_like(0.6)
    effect = BY_BAND.model_copy(update={"decorrelation": 0.3})
    whole = through(effect.processor(RATE, 2), audio.samples)
    assert np.array_equal(whole, through(effect.processor(RATE, 2), audio.samples, [1, 4711, 333]))


def test_widths_that_change_nothing_leave_the_sound_alone():
    music = signals.music_like(0.5)
    out = apply(StereoWidth(bands=({"above_hz": 500, "width": 1.0},)), music)
    np.testing.assert_allclose(out, music.samples, atol=1e-7)


def test_judgement_makes_a_side_for_mono_and_folds_a_bass_that_cancels():
    from bridge.analysis import analyze
    from bridge.analysis.reading import Analysis

    one = signals.pink(-18, 2.0, channels=1).samples[0]
    found = StereoWidth.auto(analyze(Audio(np.stack([one, one]), RATE), without=("tempo", "key")))
    assert found is not None and found.decorrelation > 0 and found.width == 1
    readings = {"correlation": 0.6, "side_to_mid": -8.0, "correlation_low": -0.4, "correlation_high": -0.2}
    found = StereoWidth.auto(Analysis.from_readings(readings, rate=RATE, channels=2, frames=RATE))
    assert found is not None and found.mono_below_hz == 120 and found.bands[0].width < 1
    readings = {"correlation": 0.6, "side_to_mid": -8.0, "correlation_low": 0.9, "correlation_high": 0.5}
    assert StereoWidth.auto(Analysis.from_readings(readings, rate=RATE, channels=2, frames=RATE)) is None
