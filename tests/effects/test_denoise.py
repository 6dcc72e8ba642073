"""Noise reduction: how much nearer the sound comes to the clean one, judged by SI-SDR on recordings with noise."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects.denoise import Denoise
from bridge.effects.dsp.frames import Frames
from bridge.effects.dsp.noise_profile import find_profile
from tests import signals
from tests.analysis.corpus.mixes import must_have_sources
from tests.analysis.corpus.recordings import SAID, recording
from tests.effects.judges import si_sdr_db
from tests.effects.streams import apply, level_db, through


def speech(seconds: float = 10.0) -> Audio:
    """Spoken words with a quarter of a second of silence after each, mono."""
    must_have_sources()
    words = [recording(name) for name in SAID]
    rate = words[0][1]
    said = np.concatenate([np.pad(wave[:1], ((0, 0), (0, rate // 4))) for wave, _ in words], axis=1)
    return Audio(said[:, : round(seconds * rate)].astype(np.float32), rate)


def loop(name: str, seconds: float = 8.0) -> Audio:
    must_have_sources()
    wave, rate = recording(name)
    times = int(np.ceil(seconds * rate / wave.shape[1]))
    return Audio(np.tile(wave, (1, times))[:, : round(seconds * rate)].astype(np.float32), rate)


def noisy(clean: Audio, snr_db: float, noise: np.ndarray) -> Audio:
    noise = noise / np.sqrt(np.mean(noise**2)) * np.sqrt(np.mean(clean.samples.astype(np.float64) ** 2))
    return Audio((clean.samples + noise * 10 ** (-snr_db / 20)).astype(np.float32), clean.rate)


def white(audio: Audio, seed: int = 3) -> np.ndarray:
    return signals.rng(seed).standard_normal(audio.samples.shape)


def gain_db(clean: Audio, dirty: Audio, effect: Denoise | None = None) -> float:
    out = apply(effect or Denoise(), dirty)
    return si_sdr_db(clean.samples, out) - si_sdr_db(clean.samples, dirty.samples)


@pytest.mark.real
@pytest.mark.parametrize(("snr_db", "least"), [(0, 12.0), (10, 8.0), (20, 5.0), (40, -0.3), (60, -0.3)])
def test_white_noise_under_speech_is_taken_out(snr_db, least):
    clean = speech()
    assert gain_db(clean, noisy(clean, snr_db, white(clean))) >= least


@pytest.mark.real
@pytest.mark.parametrize("snr_db", [0, 20, 40, 60])
@pytest.mark.parametrize("name", ["loop_amen", "loop_tabla", "loop_garzul"])
def test_music_that_hardly_pauses_is_never_worse_than_it_was(name, snr_db):
    clean = loop(name)
    assert gain_db(clean, noisy(clean, snr_db, white(clean))) >= -0.3


@pytest.mark.real
def test_noise_that_is_told_of_is_taken_out_of_music_without_pauses():
    clean = loop("loop_amen", 6.0)
    padded = Audio(np.pad(clean.samples, ((0, 0), (clean.rate, 0))), clean.rate)
    dirty = noisy(padded, 10.0, white(padded))
    effect = Denoise(profile_start_s=0.0, profile_length_s=1.0)
    out = apply(effect, dirty)
    quiet = slice(clean.rate // 10, clean.rate * 8 // 10)
    assert level_db(out[:, quiet]) <= level_db(dirty.samples[:, quiet]) - 18.0
    assert gain_db(padded, dirty, effect) >= 2.0


@pytest.mark.parametrize("level", [-20.0, -50.0, -70.0])
def test_the_level_of_white_noise_between_words_is_read_within_half_a_db(level):
    noise = signals.white(level, 6.0, channels=1)
    burst = signals.sine(700, -6, 6.0, channels=1).samples * (np.arange(noise.frames) % 24000 < 12000)
    sound = Audio(noise.samples + burst.astype(np.float32), 48000)
    frames = Frames(48000)
    profile = find_profile(sound, frames)
    read = 10 * np.log10(2 * profile.power[0, 100:900].mean() / frames.length)
    assert read == pytest.approx(level, abs=0.5)


def test_held_tones_are_no_noise():
    chord = sum(signals.sine(hz, -20, 6.0).samples for hz in (220.0, 277.18, 329.63, 440.0))
    audio = Audio(chord, 48000)
    out = apply(Denoise(), audio)
    assert np.abs(out - chord).max() <= 0.01 * np.abs(chord).max()


@pytest.mark.real
def test_clean_sound_is_left_as_it_is_to_the_bit_and_says_so():
    audio = noisy(loop("loop_mika"), 75.0, white(loop("loop_mika")))
    processor = Denoise().processor(audio.rate, audio.channels, audio)
    assert np.array_equal(through(processor, audio.samples), audio.samples)
    assert "nothing was taken" in processor.warnings[0]


def test_an_onset_out_of_noise_keeps_its_peak():
    noise = signals.white(-50, 6.0, channels=1, seed=9).samples
    hit = np.zeros(noise.shape[1], np.float32)
    length = 4800
    ring = np.exp(-np.arange(length) / 900) * signals.rng(4).standard_normal(length)
    for start in range(24000, noise.shape[1] - length, 24000):
        hit[start : start + length] += 0.2 * ring
    out = apply(Denoise(), Audio(noise + hit, 48000))
    for start in range(24000, noise.shape[1] - length, 24000):
        attack = slice(start, start + 480)
        assert level_db(out[:, attack]) == pytest.approx(level_db(hit[None, attack]), abs=0.5)


def test_a_voice_in_the_middle_stays_in_the_middle():
    """What both channels share and noise that they do not: the rest of the side is 10 dB lower."""
    rng = signals.rng(5)
    gate = (np.arange(6 * 48000) % 24000 < 9600) * np.hanning(9600).max()
    voice = 0.3 * gate * signals.sine(500, 0, 6.0, channels=1).samples[0]
    dirty = np.stack([voice, voice]) + 0.01 * rng.standard_normal((2, voice.size))
    out = apply(Denoise(), Audio(dirty.astype(np.float32), 48000))
    assert level_db(out[:1] - out[1:]) <= level_db(dirty[:1] - dirty[1:]) - 10.0


def test_smoothing_brings_lone_peaks_of_the_rest_nearer_to_its_mean():
    """What stands out of a spectrogram for a moment rings; of plain noise one cell in a thousand stands 8.4 dB out."""
    noise = signals.white(-30, 5.0, channels=1)
    burst = signals.sine(700, -6, 5.0, channels=1).samples * (np.arange(noise.frames) % 48000 < 9600)
    audio = Audio((noise.samples + burst).astype(np.float32), 48000)
    peaks = {}
    for smoothing in (0.0, 0.5, 1.0):
        wave = apply(Denoise(smoothing=smoothing), audio)[0, 16000 : 16000 + 23 * 1024]
        power = np.abs(np.fft.rfft(wave.reshape(-1, 1024), axis=1))[:, 40:] ** 2
        peaks[smoothing] = 10 * np.log10(np.percentile(power, 99.9) / power.mean())
    assert peaks[0.5] <= peaks[0.0] - 1.0 and peaks[1.0] <= peaks[0.5] - 1.0


def held(tones: list[float], beating: float = 0.0, seconds: float = 8.0) -> np.ndarray:
    """Tones that stand still throughout, all as loud as each other; beating: share by which they swell at 3 Hz."""
    t = np.arange(round(seconds * 48000)) / 48000
    wave = sum(np.sin(2 * np.pi * hz * t + phase) for phase, hz in enumerate(tones))
    return np.tile(0.1 / np.sqrt(len(tones)) * wave * (1 + beating * np.sin(2 * np.pi * 3 * t)), (2, 1))


STEADY = {
    "a sine": held([440.0]),
    "a chord": held([220.0, 277.18, 329.63]),
    "a string": held([110.0 * k for k in range(1, 31)]),
    "a string that swells": held([110.0 * k for k in range(1, 31)], beating=0.3),
    "a cluster": held([55.0 * 2 ** (k / 6) for k in range(45)]),
}


@pytest.mark.parametrize("snr_db", [10, 20, 30, 40, 50])
@pytest.mark.parametrize("tones", STEADY)
def test_tones_that_stand_perfectly_still_are_no_noise(tones, snr_db):
    clean = Audio(STEADY[tones].astype(np.float32), 48000)
    seed = int(np.random.SeedSequence().generate_state(1)[0])
    assert gain_db(clean, noisy(clean, snr_db, white(clean, seed))) >= -0.3, seed
