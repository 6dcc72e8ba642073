"""Time stretch, pitch shift, pitch correction, trim and fade: onsets, tuning, lengths and edges."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis.reading import Analysis, Reading
from bridge.audio import Audio
from bridge.effects.fade import Fade
from bridge.effects.pitch_corrector import PitchCorrector
from bridge.effects.pitch_shift import PitchShift
from bridge.effects.time_stretch import TimeStretch
from bridge.effects.trim import Trim
from tests import signals
from tests.effects.streams import through
from tests.effects.test_denoise import loop, speech
from tests.effects.timed import drums, hertz, onset_errors_ms, sung, tuned

RATE = 48000


def heard(effect, audio: Audio) -> np.ndarray:
    return through(effect.processor(audio.rate, audio.channels, audio), audio.samples)


def cents(samples: np.ndarray, hz: float) -> float:
    return float(1200 * np.log2(hertz(samples, RATE) / hz))


@pytest.mark.parametrize("speed", [0.8, 1.25])
def test_drums_stay_in_time_and_the_length_is_exact(speed):
    audio, times_s = drums(3, 6.0)
    out = heard(TimeStretch(speed=speed), audio)
    errors = np.abs(onset_errors_ms(Audio(out, RATE), times_s / speed))
    assert out.shape[1] == round(audio.frames / speed)
    assert np.median(errors) <= 4 and np.mean(errors <= 10) >= 0.85


def test_a_stretched_tone_keeps_its_pitch_and_the_phase_between_its_channels():
    out = heard(TimeStretch(speed=0.8), tuned(440, 4.0))
    assert abs(cents(out[0], 440)) <= 0.5
    middle = out[:, RATE:-RATE] * np.exp(-2j * np.pi * 440 * np.arange(out.shape[1] - 2 * RATE) / RATE)
    assert np.angle(middle[0].sum() / middle[1].sum()) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(
    ("asked", "frames"), [({"length_s": 1.234567}, 59259), ({"from_bpm": 120, "to_bpm": 90}, 64000)]
)
def test_a_length_and_a_tempo_are_met_to_the_sample(asked, frames):
    audio = signals.sine(300, -10, 1.0)
    effect = TimeStretch(**asked)
    assert effect.timeline(audio).frames == frames == heard(effect, audio).shape[1]


def test_a_length_out_of_reach_is_told():
    audio = signals.sine(300, -10, 1.0)
    processor = TimeStretch(length_s=60).processor(RATE, 2, audio)
    assert "0.0167" in processor.unreached
    assert TimeStretch(length_s=60).timeline(audio).frames == 4 * RATE


@pytest.mark.parametrize("effect", [PitchShift(semitones=2), PitchShift(cents=-32, keep_formants=False)])
def test_a_shift_is_in_tune_and_as_long_as_before(effect):
    audio = tuned(440, 1.9)
    out = heard(effect, audio)
    assert out.shape == audio.samples.shape
    assert abs(cents(out[0], 440) - 100 * effect.shift) <= 0.5


@pytest.mark.parametrize(("rate", "channels", "frames"), [(8000, 1, 1), (192000, 6, 9000), (44100, 2, 13230)])
def test_any_rate_number_of_channels_and_length_can_be_stretched_and_shifted(rate, channels, frames):
    audio = signals.white(-12, frames / rate, rate, channels)
    for effect, wanted in (
        (TimeStretch(speed=0.8), round(audio.frames / 0.8)),
        (PitchShift(semitones=3), audio.frames),
    ):
        out = heard(effect, audio)
        assert out.shape == (channels, wanted) and np.isfinite(out).all()


@pytest.mark.parametrize("vibrato_cents", [0.0, 50.0])
def test_notes_are_put_on_the_scale_and_breath_and_vibrato_stay(vibrato_cents):
    line = sung(5, vibrato_cents, notes=4)
    out = heard(PitchCorrector(), line.audio)
    before, after = line.judged(line.audio), line.judged(Audio(out, RATE))
    assert max(np.abs(before.off)) > 20 and max(np.abs(after.off)) <= 3
    assert line.untouched_db(out) >= 30
    if vibrato_cents:
        assert np.array(after.depths) == pytest.approx(np.array(before.depths), rel=0.1)


def test_half_the_strength_goes_half_the_way():
    line = sung(5, notes=2)
    before = np.array(line.judged(line.audio).off)
    after = np.array(line.judged(Audio(heard(PitchCorrector(strength=0.5), line.audio), RATE)).off)
    assert after == pytest.approx(0.5 * before, abs=3)


def chord(*semitones: float) -> Audio:
    """Sawtooth-like notes above A3."""
    t = np.arange(2 * RATE) / RATE
    notes = (220 * 2 ** (each / 12) for each in semitones)
    wave = sum(np.cos(2 * np.pi * k * hz * t + k * k) / k for hz in notes for k in range(1, 12))
    return Audio((0.1 * np.tile(wave, (1, 1))).astype(np.float32), RATE)


@pytest.mark.parametrize("steps", [(0, 7), (0, 4), (0, 4, 7), (0, 3, 7), (0, 5, 9), (0, 4, 7, 10)])
def test_chords_are_refused_with_the_reason_and_left_alone(steps):
    audio = chord(*steps)
    processor = PitchCorrector().processor(RATE, 1, audio)
    assert "several notes" in processor.unreached
    assert np.array_equal(through(processor, audio.samples), audio.samples)


@pytest.mark.real
def test_an_arpeggio_that_rings_on_is_refused_and_spoken_words_are_not():
    guitar, words = loop("guit_em9", 5.0), speech(5.0)
    assert "several notes" in PitchCorrector().processor(guitar.rate, guitar.channels, guitar).unreached
    assert not PitchCorrector().processor(words.rate, words.channels, words).unreached


def test_what_is_noise_comes_through_bit_for_bit():
    audio = signals.white(-20, 1.0)
    assert np.array_equal(heard(PitchCorrector(), audio), audio.samples)


def padded(before_s: float, after_s: float) -> Audio:
    tone = signals.sine(440, -6, 1.0, phase_deg=90).samples
    return Audio(np.pad(tone, ((0, 0), (round(before_s * RATE), round(after_s * RATE)))), RATE)


def test_a_trim_takes_silence_and_never_sound():
    audio = padded(1.0, 2.0)
    out = heard(Trim(padding_ms=20), audio)
    assert out.shape[1] == pytest.approx(1.04 * RATE, abs=10)
    assert np.sum(out.astype(float) ** 2) == pytest.approx(np.sum(audio.samples.astype(float) ** 2), rel=1e-9)


def test_a_cut_within_the_sound_does_not_click():
    out = heard(Trim(start_s=0.3, end_s=0.7, silence=False), signals.sine(440, -6, 1.0, phase_deg=90))
    assert out.shape[1] == round(0.4 * RATE)
    assert np.abs(out[:, 0]).max() < 0.01 and np.abs(out[:, -1]).max() < 0.01


def test_silence_is_not_trimmed_to_nothing():
    audio = signals.silence(1.0)
    assert heard(Trim(), audio).shape == audio.samples.shape


@pytest.mark.parametrize(("shape", "middle"), [("linear", 0.5), ("equal_power", 0.7071), ("s_curve", 0.5)])
def test_a_fade_starts_and_ends_in_silence_and_has_its_shape(shape, middle):
    ones = Audio(np.ones((1, 4 * RATE), np.float32), RATE)
    out = heard(Fade(in_s=1, out_s=1, shape=shape), ones)[0]
    assert out[0] == 0 and out[-1] == 0 and np.all(out[RATE : 3 * RATE] == 1)
    assert out[RATE // 2] == pytest.approx(middle, abs=1e-3)
    assert out[-RATE // 2] == pytest.approx(middle, abs=1e-3)


def readings(**values: float | str) -> Analysis:
    made = {name: Reading(name, value, "") for name, value in values.items()}
    return Analysis(made, RATE, 2, 60 * RATE)


def test_the_judgements_follow_the_measurement_and_do_nothing_where_nothing_is_needed():
    assert TimeStretch.auto(readings(tempo=119.6, tempo_confidence=0.9)) == TimeStretch(
        from_bpm=119.6, to_bpm=120
    )
    assert TimeStretch.auto(readings(tempo=120.02, tempo_confidence=0.9)) is None
    assert TimeStretch.auto(readings(tempo=119.6, tempo_confidence=0.2)) is None
    assert TimeStretch.to_tempo(readings(tempo=180.0), 85) == TimeStretch(from_bpm=90, to_bpm=85)
    assert TimeStretch.to_tempo(readings(tempo=137.0), 90, -1.0) == TimeStretch(from_bpm=137, to_bpm=90)
    assert TimeStretch.to_tempo(readings(tempo=137.0), 100, 1.0) == TimeStretch(from_bpm=68.5, to_bpm=100)
    assert PitchShift.auto(readings(tuning=12.0, key_confidence=0.9)) == PitchShift(cents=-12)
    assert PitchShift.auto(readings(tuning=2.0, key_confidence=0.9)) is None
    found = PitchCorrector.auto(readings(key="Db major", key_confidence=0.9))
    assert found is not None and (found.tonic, found.scale) == ("C#", "major")
    assert found.tuning_cents == 0
    band = PitchCorrector.auto(readings(key="A minor", key_confidence=0.9, tuning=-18.0))
    assert band is not None and band.tuning_cents == -18
    assert Trim.auto(readings(lead_in_silence=1.0, lead_out_silence=0.1)) == Trim(lead_out=False)
    assert Trim.auto(readings(lead_in_silence=0.1, lead_out_silence=0.1)) is None
    assert Fade.auto(readings(start_level=-90.0, end_level=-12.0)) == Fade(out_s=0.5)
    assert Fade.auto(readings(start_level=-90.0, end_level=-90.0)) is None
