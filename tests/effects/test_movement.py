"""Chorus, flanger, phaser, tremolo; pan and balance."""

import numpy as np
import pytest

from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.effects.balance import Balance
from bridge.effects.chorus import Chorus
from bridge.effects.flanger import Flanger
from bridge.effects.pan import Pan
from bridge.effects.phaser import Phaser
from bridge.effects.tremolo import Tremolo
from tests import signals
from tests.effects.streams import apply, impulse, level_db, through

RATE = 48000
SEED = 20261121
MOVING = [
    Chorus(),
    Chorus(feedback=0.5, rate_hz=3.3),
    Flanger(),
    Phaser(),
    Phaser(rate_hz=7.0),
    Tremolo(spread=1.0),
]


@pytest.mark.parametrize("effect", MOVING, ids=lambda effect: effect.describe())
@pytest.mark.parametrize("rate", [8000, 44100, 192000])
def test_how_a_stream_is_cut_changes_no_bit_and_the_swing_begins_anew_each_time(effect, rate):
    audio = signals.music_like(0.4, rate)
    whole = through(effect.processor(rate, 2), audio.samples)
    assert np.array_equal(whole, through(effect.processor(rate, 2), audio.samples, [1, 3001, 64]))
    assert np.array_equal(whole, through(effect.processor(rate, 2), audio.samples))


@pytest.mark.parametrize("effect", [Chorus(), Flanger(), Phaser()], ids=lambda effect: effect.name)
def test_the_dry_sound_is_not_moved_in_time(effect):
    out = apply(effect, impulse(0.1, RATE, 2))
    assert np.argmax(np.abs(out[0])) == np.argmax(np.abs(out[1])) == 0


def test_a_copy_of_a_chorus_swings_around_its_delay_at_its_rate():
    """Where the copy of each click comes, by the clicks of ten seconds."""
    clicks = np.zeros((1, 10 * RATE), np.float32)
    clicks[0, ::4800] = 1.0
    out = apply(Chorus(rate_hz=0.7, depth=0.4, delay_ms=20.0, mix=1.0), Audio(clicks, RATE))[0]
    came = np.array([np.argmax(np.abs(piece)) / 48 for piece in out.reshape(-1, 4800)])
    assert came.mean() == pytest.approx(20, abs=1.0)
    swing = np.abs(np.fft.rfft((came - came.mean()) * np.hanning(len(came))))
    assert np.argmax(swing) / 10 == pytest.approx(0.7, abs=0.11)
    assert came.max() - came.min() == pytest.approx(2 * 0.4 * 10, abs=1.0)


def test_a_chorus_makes_a_mono_sound_wide_and_keeps_its_level():
    one = signals.pink(-20, 6.0, channels=1, seed=SEED).samples[0]
    out = apply(Chorus(), Audio(np.stack([one, one]), RATE))
    assert np.corrcoef(out[0], out[1])[0, 1] < 0.95
    assert level_db(out) == pytest.approx(-20, abs=1.0), SEED


def test_a_phaser_has_three_notches_in_the_middle_of_its_mix():
    """Six all-passes of first order turn by 3 x 180 degrees: three places where they cancel the dry sound."""
    noise = signals.white(-20, 1.0, channels=1, seed=SEED)
    out = apply(Phaser(depth=0.0, feedback=0.0, centre_hz=1000.0), noise)[0]
    spectra = [np.abs(np.fft.rfft(x)) ** 2 for x in (out, noise.samples[0])]
    smooth = [np.convolve(s, np.ones(25) / 25, "same") for s in spectra]
    ratio = 10 * np.log10(smooth[0] / smooth[1])[100:20000]
    below = ratio < -15
    assert np.count_nonzero(np.diff(below.astype(int)) == 1) == 3, SEED


@pytest.mark.parametrize("depth", [0.3, 1.0])
def test_a_tremolo_swings_between_full_level_and_its_depth(depth):
    steady = Audio(np.full((2, 2 * RATE), 0.5, np.float32), RATE)
    out = apply(Tremolo(rate_hz=4.0, depth=depth), steady)
    assert out[0, 0] == 0.5 and np.array_equal(out[0], out[1])
    assert out[0].min() == pytest.approx(0.5 * (1 - depth), abs=1e-4)
    assert np.argmin(out[0, : RATE // 4]) == pytest.approx(RATE / 8, abs=1)


def test_an_auto_pan_goes_from_side_to_side():
    out = apply(Tremolo(rate_hz=2.0, depth=1.0, spread=1.0), Audio(np.full((2, RATE), 0.5, np.float32), RATE))
    np.testing.assert_allclose(out[0] + out[1], 0.5, atol=1e-6)
    assert out[0, 0] == 0.5 and out[1, 0] == 0.0


def test_a_tremolo_in_time_swings_once_a_note():
    assert Tremolo(note_beats=0.5, tempo_bpm=120).rate_hz == 4.0
    assert Tremolo(note_beats=0.333, tempo_bpm=120).rate_hz == 6.0


@pytest.mark.parametrize("position", [-100, -30, -1, 12, 50, 100])
def test_a_mono_sound_keeps_its_power_wherever_it_is_panned(position):
    one = signals.white(-20, 0.5, channels=1, seed=SEED).samples[0]
    out = apply(Pan(position=position), Audio(np.stack([one, one]), RATE))
    assert level_db(out) == pytest.approx(level_db(one), abs=0.001)
    left, right = level_db(out[:1]), level_db(out[1:])
    assert (right > left) == (position > 0)


def test_the_middle_lies_3_db_below_one_side_alone():
    one = signals.sine(1000, -20, 0.5, channels=1).samples[0]
    out = apply(Pan(position=100), Audio(np.stack([one, one]), RATE))
    assert level_db(out[1:]) - level_db(one) == pytest.approx(3.01, abs=0.01)
    assert np.abs(out[0]).max() < 1e-6


def test_a_source_on_the_far_side_moves_over_and_is_not_lost():
    tone = signals.sine(1000, -20, 0.5, channels=1).samples[0]
    left_only = Audio(np.stack([tone, 0 * tone]), RATE)
    out = apply(Pan(position=100), left_only)
    assert np.abs(out[0]).max() < 1e-6
    assert level_db(out[1:]) - level_db(tone) == pytest.approx(-3.01, abs=0.01)


def test_what_stands_where_it_shall_passes_bit_for_bit():
    music = signals.music_like(0.3)
    assert np.array_equal(apply(Pan(), music), music.samples)
    assert np.array_equal(apply(Balance(), music), music.samples)


@pytest.mark.parametrize("kind", [Pan(position=10), Balance(right_over_left_db=3)])
def test_a_mono_sound_says_that_it_has_no_sides(kind):
    assert kind.processor(RATE, 1).warnings == ("there is no left and right in a sound of 1 channel",)
    assert kind.processor(RATE, 6).warnings == ()


@pytest.mark.parametrize("difference", [-9.0, -2.5, 4.0, 12.0])
def test_a_measured_difference_of_the_sides_is_mended(difference):
    from bridge.analysis import analyze

    samples = signals.pink(-20, 4.0, seed=SEED).samples.copy()
    samples[1] *= 10 ** (difference / 20)
    found = Balance.auto(analyze(Audio(samples, RATE), without=("tempo", "key")))
    assert found is not None
    out = apply(found, Audio(samples, RATE))
    assert level_db(out[1:]) - level_db(out[:1]) == pytest.approx(0, abs=0.1), SEED


def test_sides_that_fit_or_that_are_missing_are_left_alone():
    def judged(balance):
        return Balance.auto(Analysis.from_readings({"balance": balance}, rate=RATE, channels=2, frames=RATE))

    assert judged(0.2) is None and judged(45.0) is None and judged(1.0) is not None
