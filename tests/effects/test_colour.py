"""Saturation in four kinds, and harmonics of the treble: levels, aliases and loudness."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects.enhancer import Enhancer
from bridge.effects.saturation import Saturation
from tests import signals
from tests.effects.judges import lufs
from tests.effects.streams import apply, level_db, through

RATE = 48000
SEED = 20261121
KINDS = ["soft", "tape", "tube", "transistor"]


def levels_db(samples: np.ndarray, rate: int) -> np.ndarray:
    """Spectrum of the second second, in dB below its highest line; one bin is one hertz."""
    spectrum = np.abs(np.fft.rfft(samples[rate // 2 : rate // 2 + rate] * np.blackman(rate)))
    return 20 * np.log10(spectrum / spectrum.max() + 1e-15)


def aliases_db(samples: np.ndarray, rate: int, frequency: int) -> float:
    """The highest line that is no harmonic."""
    level = levels_db(samples, rate)
    for number in range(rate // 2 // frequency + 1):
        level[max(0, frequency * number - 6) : frequency * number + 7] = -300
    return float(level[20:].max())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("rate", "frequency"), [(44100, 5000), (48000, 997)])
def test_no_kind_of_saturation_makes_aliases(kind, rate, frequency):
    out = apply(Saturation(kind=kind, drive_db=18), signals.sine(frequency, -3, 2.0, rate, channels=1))
    assert aliases_db(out[0], rate, frequency) < -80


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("drive_db", [24, 36])
def test_the_hottest_drive_into_full_scale_makes_none_either(kind, drive_db):
    out = apply(Saturation(kind=kind, drive_db=drive_db), signals.sine(5000, -0.01, 1.6, 48000, channels=1))
    assert aliases_db(out[0], 48000, 5000) < -80


def test_a_tube_has_even_harmonics_above_the_odd_ones_and_the_others_none():
    tone = signals.sine(997, -12, 2.0, channels=1)
    for kind in KINDS:
        level = levels_db(apply(Saturation(kind=kind, drive_db=6), tone)[0], RATE)
        second, third = level[2 * 997], level[3 * 997]
        assert second > third + 6 if kind == "tube" else second < -100, kind


def test_a_tube_leaves_no_offset_behind():
    out = apply(Saturation(kind="tube", drive_db=18), signals.sine(997, -3, 2.0, channels=1))
    assert abs(out[0, RATE // 2 : RATE // 2 + RATE].mean()) < 1e-5  # whole periods


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("drive", [0.0, 12.0, 36.0])
def test_a_sine_of_12_db_below_full_scale_stays_as_loud_in_every_kind(kind, drive):
    tone = signals.sine(500, -12, 2.0)
    out = apply(Saturation(kind=kind, drive_db=drive), tone)
    assert level_db(out[:, RATE // 2 : RATE // 2 + RATE]) == pytest.approx(level_db(tone.samples), abs=0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_how_a_stream_is_cut_changes_no_bit_of_any_kind(kind):
    audio, effect = signals.music_like(0.5), Saturation(kind=kind, drive_db=12)
    whole = through(effect.processor(RATE, 2), audio.samples)
    assert np.array_equal(whole, through(effect.processor(RATE, 2), audio.samples, [1, 3000, 777]))


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("asked", [-30.0, -20.0, -12.0])
def test_harmonics_have_the_level_that_was_asked(rate, asked):
    tone = signals.sine(4000, -20, 2.0, rate, channels=1)
    out = apply(Enhancer(harmonics_db=asked), tone)[0]
    level = levels_db(out, rate)
    powers = [10 ** (level[4000 * n] / 10) for n in range(2, rate // 2 // 4000 + 1) if 4000 * n < 0.45 * rate]
    assert 10 * np.log10(sum(powers)) == pytest.approx(asked, abs=1.0)
    assert aliases_db(out, rate, 4000) < -80


@pytest.mark.parametrize("level", [-50, -20, -3])
def test_harmonics_do_not_depend_on_the_level_of_the_sound(level):
    out = apply(Enhancer(harmonics_db=-20), signals.sine(5000, level, 2.0, channels=1))[0]
    spectrum = levels_db(out, RATE)
    assert 10 * np.log10(10 ** (spectrum[10000] / 10) + 10 ** (spectrum[15000] / 10)) == pytest.approx(
        -20, abs=1
    )


@pytest.mark.parametrize("asked", [-24.0, -12.0])
def test_an_enhanced_sound_is_as_loud_as_before(asked):
    for audio in (
        signals.music_like(4.0, seed=SEED),
        signals.white(-20, 4.0, seed=SEED),
        signals.pink(-20, 4.0),
    ):
        out = Audio(apply(Enhancer(harmonics_db=asked), audio), RATE)
        assert lufs(out) == pytest.approx(lufs(audio), abs=0.2), SEED


def test_what_lies_below_the_band_is_left_alone():
    low = signals.sine(500, -10, 1.0).samples
    high = signals.sine(6000, -30, 1.0).samples
    out = apply(Enhancer(harmonics_db=-12), Audio(low + high, RATE))[0]
    before, after = (np.abs(np.fft.rfft(x[4800:-4800])) for x in ((low + high)[0], out))
    bins = round(2000 * (RATE - 9600) / RATE)
    assert np.abs(20 * np.log10(after[450] / before[450])) < 0.2 or before[450] < 1e-3
    assert np.abs(after[:bins] - before[:bins]).max() < 1e-2 * before.max()


def test_a_sound_without_treble_passes_as_it_is():
    audio = Audio(signals.sine(200, -10, 1.0).samples * np.hanning(RATE).astype(np.float32), RATE)
    np.testing.assert_allclose(apply(Enhancer(), audio), audio.samples, atol=1e-4)


def test_a_dull_sound_is_enhanced_and_a_bright_one_is_not():
    from bridge.analysis.reading import Analysis

    def judged(tilt):
        return Enhancer.auto(
            Analysis.from_readings({"spectral_tilt": tilt}, rate=RATE, channels=2, frames=RATE)
        )

    assert judged(-3.0) is None
    slight, strong = judged(-7.0), judged(-11.0)
    assert slight is not None and strong is not None and slight.harmonics_db < strong.harmonics_db <= -14


def test_an_enhancer_has_the_same_bits_however_it_is_cut():
    audio, effect = signals.music_like(0.8), Enhancer()
    whole = through(effect.processor(RATE, 2, audio), audio.samples)
    assert np.array_equal(whole, through(effect.processor(RATE, 2, audio), audio.samples, [17, 5000, 1]))
