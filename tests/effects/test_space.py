"""Reverb, delay, width and saturation: times, levels, places and harmonics."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects import Delay, Reverb, Saturation, StereoWidth
from bridge.errors import BadInput
from tests import signals
from tests.effects.streams import apply, impulse, level_db

RATE = 48000


def rt60_s(response: np.ndarray, rate: int) -> float:
    """T30 by Schroeder's backward integration (ISO 3382): the slope from -5 to -35 dB, carried on to 60 dB."""
    energy = np.cumsum(response[::-1].astype(np.float64) ** 2)[::-1]
    decay = 10 * np.log10(energy / energy[0] + 1e-30)
    first, last = np.argmax(decay < -5), np.argmax(decay < -35)
    return float(60 / 30 * (last - first) / rate)


@pytest.mark.parametrize("decay", [0.65, 1.2, 2.5, 5.0])
@pytest.mark.parametrize("rate", [44100, 96000])
def test_a_room_decays_in_the_time_that_was_asked(decay, rate):
    room = Reverb(decay_s=decay, mix=1.0, damping=0.0)
    out = apply(room, impulse(0.1, rate, 2), tail_s=1.2 * decay)
    assert rt60_s(out[0], rate) == pytest.approx(decay, rel=0.05)


@pytest.mark.parametrize("pre_delay", [0.0, 10.0, 60.0])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_the_first_echo_comes_after_the_pre_delay_and_the_dry_sound_at_once(pre_delay, channels):
    out = apply(Reverb(pre_delay_ms=pre_delay, mix=0.5), impulse(0.5, RATE, channels))
    half_wet = apply(Reverb(pre_delay_ms=pre_delay, mix=1.0), impulse(0.5, RATE, channels)) * np.sqrt(0.5)
    assert out[0, 0] - half_wet[0, 0] == pytest.approx(np.cos(np.pi / 4), abs=1e-6)
    wet = apply(Reverb(pre_delay_ms=pre_delay, mix=1.0), impulse(0.5, RATE, channels))
    assert np.argmax(np.abs(wet).max(axis=0) > 1e-6) == pytest.approx(pre_delay * 48, abs=1)


@pytest.mark.parametrize("mix", [0.0, 0.2, 0.5, 1.0])
@pytest.mark.parametrize(("decay", "damping"), [(0.8, 0.0), (2.0, 0.5), (4.0, 1.0)])
def test_whatever_the_mix_the_sound_is_as_loud_as_before(mix, decay, damping):
    noise = Audio(np.tile(signals.white(-20, 10.0, channels=1).samples, (2, 1)), RATE)
    out = apply(Reverb(mix=mix, decay_s=decay, damping=damping), noise)[:, 5 * RATE :]
    assert level_db(out) == pytest.approx(level_db(noise.samples), abs=0.5)


def test_damping_shortens_the_treble_alone():
    def octave(response, low, high):
        spectrum = np.fft.rfft(response)
        at = np.fft.rfftfreq(len(response), 1 / RATE)
        return rt60_s(np.fft.irfft(np.where((at > low) & (at < high), spectrum, 0), len(response)), RATE)

    bright, dull = (
        apply(Reverb(decay_s=1.3, mix=1, damping=d), impulse(0.1, RATE, 2), 2.0)[0] for d in (0.0, 1.0)
    )
    assert octave(dull, 125, 250) == pytest.approx(octave(bright, 125, 250), rel=0.1)
    assert octave(dull, 8000, 16000) < 0.5 * octave(bright, 8000, 16000)


@pytest.mark.parametrize("rate", [1, 100, 999, 768_001, 10_000_000])
def test_a_rate_that_the_room_cannot_have_is_refused(rate):
    with pytest.raises(BadInput, match="1000 to 768000 Hz"):
        Reverb().processor(rate, 1)


@pytest.mark.parametrize("decay", [0.65, 1.5, 4.0, 11.0])
def test_the_sides_of_a_plain_room_differ_as_those_of_a_diffuse_field_do_and_no_further(decay):
    """Two points far apart in a diffuse field hear sounds that share nothing: in mono they lose 3 dB, and no more; what
    is taken from the middle alone comes out as loud on both sides."""
    noise = signals.white(-20, 4.0, channels=1).samples.repeat(2, axis=0)
    wet = apply(Reverb(decay_s=decay, mix=1.0), Audio(noise, 48000))[:, 48000:].astype(np.float64)
    left, right = 10 * np.log10(np.mean(wet**2, axis=1))
    in_mono = 10 * np.log10(np.mean(wet.mean(axis=0) ** 2))
    assert abs(left - right) <= 1.0
    assert -3.5 <= in_mono - 10 * np.log10(np.mean(wet**2)) <= 0.0


def test_the_tail_of_a_room_ends_60_db_down():
    room = Reverb(decay_s=1.5, mix=1.0, damping=0.0)
    out = apply(room, impulse(0.05, RATE, 2), room.tail_s())
    start = out[:, round(0.02 * RATE) : round(0.12 * RATE)]
    assert level_db(out[:, -4800:]) - level_db(start) == pytest.approx(-57, abs=4)


@pytest.mark.parametrize("time_ms", [10.0, 125.0, 333.3])
def test_echoes_come_at_the_delay_time_by_autocorrelation(time_ms):
    noise = signals.white(-20, 2.0, channels=1)
    out = apply(Delay(time_ms=time_ms, feedback=0.0, mix=0.5), noise)[0]
    spectrum = np.fft.rfft(out, 2 * len(out))
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[100 : len(out) // 2]
    assert (np.argmax(correlation) + 100) / 48 == pytest.approx(time_ms, abs=0.02)


def test_each_echo_is_the_feedback_times_the_one_before():
    out = apply(Delay(time_ms=100, feedback=0.5, mix=0.25), impulse(1.0))[0]
    assert out[[0, 4800, 9600, 14400]] == pytest.approx([0.75, 0.25, 0.125, 0.0625])
    assert np.count_nonzero(out[:19000]) == 4


def test_the_tail_of_a_delay_lasts_until_the_echoes_are_60_db_down():
    delay = Delay(time_ms=100, feedback=0.5, mix=0.5)
    out = apply(delay, impulse(0.01), delay.tail_s())[0]
    echoes = np.abs(out[np.abs(out) > 0])
    assert echoes[-1] / echoes[1] == pytest.approx(10 ** (-60 / 20), rel=0.5)
    assert Delay(feedback=0.9, time_ms=2000).tail_s() == 30.0


def mid_and_side(samples):
    return 0.5 * (samples[0] + samples[1]), 0.5 * (samples[0] - samples[1])


@pytest.mark.parametrize("width", [0.0, 0.5, 1.5, 2.0])
def test_the_side_changes_by_the_asked_factor_and_the_mono_sum_not_at_all(width):
    noise = signals.white(-20, 2.0)
    high = np.fft.rfft(noise.samples)
    high[:, : 2 * 1000] = 0  # nothing below 1 kHz
    audio = Audio(np.fft.irfft(high).astype(np.float32), RATE)
    out = apply(StereoWidth(width=width), audio)
    (mid, side), (mid_out, side_out) = mid_and_side(audio.samples), mid_and_side(out)
    np.testing.assert_allclose(mid_out, mid, atol=1e-6)
    if width == 0:
        assert np.abs(side_out).max() < 1e-6
    else:
        assert level_db(side_out) - level_db(side) == pytest.approx(20 * np.log10(width), abs=0.1)


@pytest.mark.parametrize(("frequency", "most_db"), [(40.0, 0.05), (80.0, 0.4), (120.0, 1.6)])
def test_bass_is_not_widened(frequency, most_db):
    tone = signals.sine(frequency, -12, 2.0, channels=1).samples[0]
    out = apply(StereoWidth(width=2.0), Audio(np.stack([tone, -tone]), RATE))
    assert abs(level_db(out[:, RATE:]) - level_db(tone)) < most_db


@pytest.mark.parametrize(("frequency", "expected_db"), [(30.0, -48.2), (120.0, -3.0), (1000.0, 0.0)])
def test_bass_is_put_in_the_middle_below_its_corner_and_nothing_above(frequency, expected_db):
    """A fourth-order Butterworth high-pass of the side: |H| = 1/sqrt(1 + (fc/f)^8)."""
    tone = signals.sine(frequency, -12, 2.0, channels=1).samples[0]
    out = apply(StereoWidth(mono_below_hz=120.0), Audio(np.stack([tone, -tone]), RATE))
    assert level_db(out[:, RATE:]) - level_db(tone) == pytest.approx(expected_db, abs=0.1)


def test_width_one_changes_no_bit_and_mono_says_that_it_has_none():
    music = signals.music_like(0.5)
    assert np.array_equal(apply(StereoWidth(width=1.0), music), music.samples)
    assert StereoWidth(width=1.5).processor(RATE, 1).warnings == (
        "there is no width to change in a sound of 1 channel",
    )
    assert StereoWidth(width=1.5).processor(RATE, 2).warnings == ()


def test_in_surround_centre_and_lfe_are_left_alone():
    audio = signals.white(-20, 0.5, channels=6)
    out = apply(StereoWidth(width=0.0), audio)
    assert np.array_equal(out[2:4], audio.samples[2:4])
    np.testing.assert_allclose(out[0], out[1], atol=1e-6)
    np.testing.assert_allclose(out[4], out[5], atol=1e-6)


def harmonic_db(samples, frequency, number):
    """Level of a harmonic relative to the fundamental, with whole periods in the window."""
    spectrum = np.abs(np.fft.rfft(samples[0, RATE // 2 : RATE // 2 + RATE]))
    return 20 * np.log10(spectrum[round(frequency * number)] / spectrum[round(frequency)] + 1e-12)


def test_saturation_has_the_harmonics_of_the_hyperbolic_tangent():
    tone = signals.sine(1000, -6, 2.0)
    out = apply(Saturation(drive_db=12), tone)
    bent = np.tanh(10 ** (12 / 20) * tone.samples.astype(np.float64))
    for number in (3, 5, 7):
        assert harmonic_db(out, 1000, number) == pytest.approx(harmonic_db(bent, 1000, number), abs=0.05)
    assert harmonic_db(out, 1000, 2) < -100


@pytest.mark.parametrize("rate", [44100, 48000])
def test_saturation_makes_no_aliases(rate):
    """A tone whose harmonics leave no others: everything that is no harmonic is an alias."""
    tone = signals.sine(5000, -3, 2.0, rate)
    out = apply(Saturation(drive_db=18), tone)[0, rate // 2 : rate // 2 + rate]
    spectrum = np.abs(np.fft.rfft(out * np.hanning(rate)))
    level = 20 * np.log10(spectrum / spectrum.max() + 1e-12)
    for number in range(1, 5):
        level[5000 * number - 4 : 5000 * number + 5] = -300
    assert level[20:].max() < -80


def test_a_sine_of_12_db_below_full_scale_stays_as_loud():
    tone = signals.sine(500, -12, 1.0)
    for drive in (6.0, 18.0, 36.0):
        out = apply(Saturation(drive_db=drive), tone)
        assert level_db(out[:, 4800:-4800]) == pytest.approx(level_db(tone.samples), abs=0.1)


def test_quiet_sound_passes_a_gentle_drive_unchanged_and_at_once():
    soft = signals.white(-60, 0.5)
    out = apply(Saturation(drive_db=0), soft)
    gain = 10 ** ((level_db(out) - level_db(soft.samples)) / 20)
    np.testing.assert_allclose(out, gain * soft.samples, atol=1e-7)
