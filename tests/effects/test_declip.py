"""Clipped recordings: nearer to what they were, and untouched below the ceiling."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects.declip import Declip
from bridge.effects.dsp.ceilings import ceilings
from tests import signals
from tests.effects.streams import apply, through
from tests.effects.test_denoise import loop, speech


def full(audio: Audio) -> Audio:
    return Audio((audio.samples / np.abs(audio.samples).max()).astype(np.float32), audio.rate)


def clipped(audio: Audio, by_db: float) -> Audio:
    ceiling = np.float32(10 ** (-by_db / 20))
    return Audio(np.clip(audio.samples, -ceiling, ceiling), audio.rate)


def sdr_db(clean: np.ndarray, heard: np.ndarray) -> float:
    clean, heard = clean.astype(np.float64), heard.astype(np.float64)
    return float(10 * np.log10(np.sum(clean**2) / np.sum((clean - heard) ** 2)))


@pytest.mark.real
@pytest.mark.parametrize("material", ["speech", "guit_harmonics", "ambi_piano", "ambi_choir"])
def test_3_db_of_clipping_come_back_by_8_db(material):
    clean = full(speech(6.0) if material == "speech" else loop(material, 5.0))
    dirty = clipped(clean, 3.0)
    assert sdr_db(clean.samples, apply(Declip(), dirty)) >= sdr_db(clean.samples, dirty.samples) + 8.0


@pytest.mark.real
@pytest.mark.parametrize("name", ["loop_tabla", "loop_garzul", "loop_amen", "loop_compus"])
def test_clipped_drums_are_never_worse_and_clean_ones_untouched_to_the_bit(name):
    clean = full(loop(name, 4.0))
    dirty = clipped(clean, 3.0)
    assert sdr_db(clean.samples, apply(Declip(), dirty)) >= sdr_db(clean.samples, dirty.samples)
    assert np.array_equal(apply(Declip(), clean), clean.samples)


@pytest.mark.real
def test_tops_of_one_sample_come_back_by_8_db_where_the_whole_sound_tells_their_ceiling():
    clean = full(loop("loop_compus", 8.0))
    dirty = clipped(clean, 3.0)
    tops = np.abs(dirty.samples[0]) == np.abs(dirty.samples[0]).max()
    assert np.sum(tops) >= 20 > 10 * np.sum(tops[1:] & tops[:-1])  # hardly two in a row: no plateau tells it
    assert sdr_db(clean.samples, apply(Declip(), dirty)) >= sdr_db(clean.samples, dirty.samples) + 8.0


@pytest.mark.real
def test_parts_clipped_at_levels_of_their_own_are_both_mended():
    clean = full(loop("loop_compus", 6.0))
    loud, soft = clipped(clean, 3.0), clipped(clean, 3.0).samples * np.float32(0.5)
    dirty = Audio(np.concatenate([loud.samples, soft], axis=1), clean.rate)
    whole = np.concatenate([clean.samples, clean.samples * np.float32(0.5)], axis=1)
    out = apply(Declip(), dirty)
    for half in (slice(0, clean.frames), slice(clean.frames, None)):
        assert sdr_db(whole[:, half], out[:, half]) >= sdr_db(whole[:, half], dirty.samples[:, half]) + 8.0


@pytest.mark.real
@pytest.mark.parametrize("name", ["loop_tabla", "loop_compus"])
def test_tops_that_a_limiter_set_to_one_level_are_no_ceiling(name):
    """pedalboard's, by sample peaks: hundreds of tops of one sample at -1 dBFS, each a top as it should be."""
    from pedalboard import BrickwallLimiter

    loud = loop(name, 6.0)
    limited = BrickwallLimiter(ceiling_db=-1.0)(full(loud).samples * np.float32(4.0), loud.rate)
    assert ceilings(Audio(limited, loud.rate)) == ((), ())


@pytest.mark.real
def test_a_grid_of_8_bits_has_no_ceilings():
    clean = full(loop("loop_amen", 6.0))
    coarse = Audio((np.round(clean.samples * 127) / 127).astype(np.float32), clean.rate)
    assert ceilings(coarse) == ((), ())


def test_a_sound_that_stands_still_at_its_top_is_left_as_it_is_and_at_once():
    """Half a second held at 0.7 between noises is no top of a wave; its equations would take gigabytes."""
    held = np.full((1, 24000), 0.7, np.float32)
    noise = np.clip(signals.white(-12, 0.5, channels=1).samples, -0.7, 0.7)
    audio = Audio(np.concatenate([noise, held, noise], axis=1), 48000)
    out = apply(Declip(), audio)
    assert np.array_equal(out[:, 24000:48000], held)


def test_samples_below_the_ceiling_stay_to_the_bit_and_tops_rise_by_half_of_what_they_lost():
    dirty = clipped(signals.sine(440, 0, 0.6), 3.0)
    processor = Declip().processor(48000, 2)
    out = through(processor, dirty.samples, [1000, 33])
    below = np.abs(dirty.samples) < np.abs(dirty.samples).max()
    assert np.array_equal(out[below], dirty.samples[below])
    assert 10 ** (-1.5 / 20) <= np.abs(out).max() <= 1.02


def test_a_tone_that_was_clipped_at_full_scale_says_how_far_it_goes_over():
    tone = signals.sine(300, 3, 1.0, channels=1)
    processor = Declip().processor(48000, 1)
    through(processor, np.clip(tone.samples, -1, 1))
    over = float(processor.afterwards[0].split("reach ")[1].split(" dB over full scale")[0])
    assert 1.5 <= over <= 3.1


def test_a_full_scale_sine_and_silence_have_no_flat_tops():
    for audio in (signals.sine(50, 0, 1.0), signals.silence(1.0)):
        processor = Declip().processor(48000, 2)
        assert np.array_equal(through(processor, audio.samples), audio.samples)
        assert "no flat top" in processor.afterwards[0]
