"""De-esser: s sounds down by what is asked, vowels untouched, at any level."""

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt

import bridge
from bridge.analysis import analyze
from bridge.audio import Audio
from bridge.effects.de_esser import DeEsser
from tests import signals
from tests.analysis.corpus import recordings
from tests.effects.streams import apply, level_db
from tests.real import must_have

RATE = 48000
WORDS, VOWEL_S, ESS_S = 8, 0.4, 0.12


def voice(level_db=-10.0, ess_db=0.0, centre_hz=7000.0, seed=7):
    """Vowels of 0.4 s and s sounds of 0.12 s by turns, the s `ess_db` over the vowels; and where the s sounds are."""
    generator = signals.rng(seed)
    t = np.arange(round(VOWEL_S * RATE)) / RATE
    shape = np.minimum(1, np.minimum(t, VOWEL_S - t) / 0.03)
    sos = butter(4, [centre_hz / 1.3, centre_hz * 1.3], "band", fs=RATE, output="sos")
    pieces, esses, at = [], [], 0
    for _ in range(WORDS):
        pitch = generator.uniform(110, 220)
        vowel = sum(np.sin(2 * np.pi * pitch * k * t + k) / k for k in range(1, int(5000 / pitch))) * shape
        vowel *= 1 / np.sqrt(np.mean(vowel**2))
        ess = sosfiltfilt(sos, generator.standard_normal(round(ESS_S * RATE)))
        fade = np.minimum(1, np.minimum(np.arange(len(ess)), np.arange(len(ess))[::-1]) / (0.01 * RATE))
        ess *= fade * 10 ** (ess_db / 20) / np.sqrt(np.mean(ess**2))
        esses.append(slice(at + len(vowel), at + len(vowel) + len(ess)))
        pieces += [vowel, ess]
        at += len(vowel) + len(ess)
    wave = np.concatenate(pieces) * 10 ** (level_db / 20)
    return Audio(np.tile(wave.astype(np.float32), (2, 1)), RATE), esses


def parts(samples, esses):
    """Levels in dB of the s sounds and of the vowels, without the 15 ms around each change."""
    edge = round(0.015 * RATE)
    ess = np.concatenate([samples[:, one.start : one.stop] for one in esses], axis=1)
    starts = [0, *(one.stop for one in esses[:-1])]
    vowels = [samples[:, a + edge : one.start - edge] for a, one in zip(starts, esses, strict=True)]
    return level_db(ess), level_db(np.concatenate(vowels, axis=1))


@pytest.mark.parametrize("level", [-6.0, -30.0, -55.0])
@pytest.mark.parametrize("asked", [3.0, 6.0, 10.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_s_goes_down_by_what_is_asked_and_the_vowels_stay(level, asked, seed):
    audio, esses = voice(level, seed=seed)
    out = apply(DeEsser(amount_db=asked), audio)
    ess_before, vowel_before = parts(audio.samples, esses)
    ess_after, vowel_after = parts(out, esses)
    assert ess_before - ess_after == pytest.approx(asked, abs=1.0)
    assert vowel_after == pytest.approx(vowel_before, abs=0.2)


@pytest.mark.parametrize("mode", ["split", "wide"])
def test_both_ways_of_turning_down_an_s_reach_what_is_asked(mode):
    audio, esses = voice(-20.0, centre_hz=6000.0)
    out = apply(DeEsser(frequency_hz=6000.0, amount_db=8.0, mode=mode), audio)
    assert parts(audio.samples, esses)[0] - parts(out, esses)[0] == pytest.approx(8.0, abs=1.0)


def test_a_voice_without_s_comes_out_as_the_same_samples():
    audio, esses = voice()
    vowel = Audio(audio.samples[:, : esses[0].start].copy(), RATE)
    assert np.array_equal(apply(DeEsser(amount_db=12.0), vowel), vowel.samples)


def test_an_s_softer_than_the_threshold_is_left_alone():
    audio, esses = voice(ess_db=-25.0)
    out = apply(DeEsser(amount_db=10.0, threshold_db=-18.0), audio)
    assert parts(out, esses)[0] == pytest.approx(parts(audio.samples, esses)[0], abs=0.2)


def test_the_image_stays_where_it_is():
    audio, _ = voice()
    side = Audio(audio.samples * np.array([[1.0], [0.25]], np.float32), RATE)
    out = apply(DeEsser(amount_db=8.0), side)
    assert level_db(out[0]) - level_db(out[1]) == pytest.approx(12.04, abs=0.01)


def test_its_reduction_over_time_shows_the_s_sounds_and_nothing_else():
    audio, esses = voice()
    processor = DeEsser(amount_db=6.0).processor(RATE, 2)
    processor.process(audio.samples)
    processor.flush()
    (line,) = processor.reduction.curve().reduction_db
    assert len(line) == -(-audio.frames // (RATE // 100))
    in_ess = [line[(one.start + one.stop) // 2 // (RATE // 100)] for one in esses]
    in_vowel = [line[(one.start - RATE // 8) // (RATE // 100)] for one in esses]
    assert min(in_ess) > 5.9 and max(in_vowel) < 0.1


def test_plain_voices_need_none_and_it_lies_where_the_s_is():
    sharp = DeEsser.auto(analyze(voice(ess_db=9.0, centre_hz=6000.0)[0], without=("tempo", "key")))
    assert sharp is None or sharp.frequency_hz == pytest.approx(6300, rel=0.3)
    assert DeEsser.auto(analyze(voice(ess_db=-12.0)[0], without=("tempo", "key"))) is None


@pytest.mark.real
@pytest.mark.parametrize("gain_db", [0.0, -24.0])
def test_sharp_recorded_speech_is_softened_by_words_at_any_level(gain_db):
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    said = [recordings.at_speed(name, RATE, 1.0) for name in recordings.SAID]
    spoken = 0.5 * np.concatenate(said, axis=1)
    sos = butter(2, [4800, 9800], "band", fs=RATE, output="sos")
    sharp = (spoken + 2.2 * sosfiltfilt(sos, spoken)) * 10 ** (gain_db / 20)
    audio = Audio(sharp.astype(np.float32), RATE)
    analysis = analyze(audio, without=("tempo", "key"))
    before = analysis.number("sibilance")
    assert before > 2.0
    plan = bridge.plan("de-ess it", analysis).plan
    assert [step.effect for step in plan.steps] == ["de_esser"]
    done = bridge.render(audio, plan)
    asked = plan.steps[0].parameters["amount_db"]
    assert before - done.after.number("sibilance") == pytest.approx(asked, abs=2.0)
    vowels = butter(4, [200, 3000], "band", fs=RATE, output="sos")
    assert level_db(sosfiltfilt(vowels, done.audio.samples)) == pytest.approx(
        level_db(sosfiltfilt(vowels, audio.samples)), abs=0.2
    )
