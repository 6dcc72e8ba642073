"""Transient shaper: attack and sustain moved by what is asked, each without the other, at any level."""

import numpy as np
import pytest
import soundfile

import bridge
from bridge.audio import Audio
from bridge.effects.transient_shaper import TransientShaper
from tests import signals
from tests.analysis.corpus import recordings
from tests.effects.streams import apply, level_db, through
from tests.real import must_have

RATE = 48000
EVERY_S = 0.6


def hits(level_db=-6.0, hz=220.0, decay_s=0.12, seed=1, rate=RATE, count=6):
    """Drum hits every 0.6 s: tone and noise under an exponential decay, over nothing."""
    t = np.arange(round(EVERY_S * rate)) / rate
    generator = signals.rng(seed)
    pieces = []
    for _ in range(count):
        body = np.sin(2 * np.pi * hz * t + generator.uniform(0, 6)) + 0.3 * generator.standard_normal(len(t))
        wave = body * np.exp(-t / decay_s) * np.minimum(t / 0.001, 1)
        pieces.append(wave / np.abs(wave).max())
    wave = np.concatenate([np.zeros(rate // 10), *pieces]) * 10 ** (level_db / 20)
    return Audio(np.tile(wave.astype(np.float32), (2, 1)), rate)


def of_hits(samples, rate=RATE):
    """Mean over the hits: peak of the first 15 ms in dB, and level from 100 to 300 ms."""
    peaks, rings = [], []
    for start in range(rate // 10, samples.shape[1] - rate // 2, round(EVERY_S * rate)):
        peaks.append(20 * np.log10(np.abs(samples[:, start : start + round(0.015 * rate)]).max()))
        rings.append(level_db(samples[:, start + round(0.1 * rate) : start + round(0.3 * rate)]))
    return np.mean(peaks), np.mean(rings)


@pytest.mark.parametrize("level", [-3.0, -30.0, -60.0])
@pytest.mark.parametrize("asked", [-6.0, 3.0, 6.0])
@pytest.mark.parametrize("hz", [70.0, 220.0, 900.0])
def test_the_attack_moves_by_what_is_asked_and_the_sustain_stays(level, asked, hz):
    audio = hits(level, hz)
    peak, ring = of_hits(audio.samples)
    new_peak, new_ring = of_hits(apply(TransientShaper(attack_db=asked), audio))
    assert new_peak - peak == pytest.approx(asked, abs=1.0)
    assert new_ring - ring == pytest.approx(0.0, abs=0.2)


@pytest.mark.parametrize("level", [-3.0, -30.0, -60.0])
@pytest.mark.parametrize("asked", [-9.0, -4.0, 4.0])
@pytest.mark.parametrize("decay_s", [0.06, 0.12, 0.2])
def test_the_sustain_moves_by_what_is_asked_and_the_attack_stays(level, asked, decay_s):
    audio = hits(level, decay_s=decay_s)
    peak, ring = of_hits(audio.samples)
    new_peak, new_ring = of_hits(apply(TransientShaper(sustain_db=asked), audio))
    assert new_ring - ring == pytest.approx(asked, abs=1.0)
    assert new_peak - peak == pytest.approx(0.0, abs=0.2)


@pytest.mark.parametrize("hz", [40.0, 440.0, 5000.0])
def test_a_held_tone_is_neither_attack_nor_sustain(hz):
    tone = signals.sine(hz, -12, 3.0)
    out = apply(TransientShaper(attack_db=9, sustain_db=-9), tone)
    assert np.abs(out[:, RATE:] - tone.samples[:, RATE:]).max() < 1e-6


@pytest.mark.parametrize("rate", [8000, 44100, 192000])
def test_the_rate_does_not_change_what_it_does(rate):
    audio = hits(rate=rate)
    peak, ring = of_hits(audio.samples, rate)
    new_peak, new_ring = of_hits(apply(TransientShaper(attack_db=5, sustain_db=-5), audio), rate)
    assert new_peak - peak == pytest.approx(5.0, abs=1.0)
    assert new_ring - ring == pytest.approx(-5.0, abs=1.0)


def test_it_does_the_same_to_a_sound_20_db_softer():
    loud, soft = hits(-6.0), hits(-26.0)
    effect = TransientShaper(attack_db=6, sustain_db=-6)
    assert np.abs(apply(effect, soft) * 10 - apply(effect, loud)).max() < 1e-5


def test_its_gain_over_time_is_told():
    processor = TransientShaper(attack_db=6).processor(RATE, 2)
    through(processor, hits().samples)
    curve = processor.reduction.curve()
    assert curve.most_db == pytest.approx(-6.0, abs=0.1)
    assert min(curve.reduction_db[0][10:13]) < -5.5 and abs(curve.reduction_db[0][40]) < 0.1


@pytest.mark.real
@pytest.mark.parametrize(
    ("words", "parameter", "sign"),
    [("more snap", "attack_db", 1), ("softer attack", "attack_db", -1), ("less ring", "sustain_db", -1)],
)
def test_words_shape_the_hits_of_a_real_snare(words, parameter, sign):
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    samples, rate = soundfile.read(
        recordings.SAMPLES / "drum_snare_hard.flac", always_2d=True, dtype="float32"
    )
    audio = Audio(np.tile(np.pad(0.3 * samples.T, ((0, 0), (rate // 10, rate // 2))), (1, 4)), rate)
    plan = bridge.plan(words, bridge.analyze(audio)).plan
    step = next(step for step in plan.steps if step.effect == "transient_shaper")
    out = apply(TransientShaper(**step.parameters), audio)
    at = rate // 10
    peak = [np.abs(each[:, : at + round(0.012 * rate)]).max() for each in (audio.samples, out)]
    ring = [level_db(each[:, at + rate // 10 : at + rate // 4]) for each in (audio.samples, out)]
    moved = {"attack_db": 20 * np.log10(peak[1] / peak[0]), "sustain_db": ring[1] - ring[0]}
    assert step.parameters[parameter] * sign > 0
    for name, change in moved.items():
        assert change == pytest.approx(step.parameters[name], abs=1.0)
