"""What proofs measure, on sounds whose change is known by construction."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import analyze
from bridge.audio import Audio
from bridge.planning.intent import Span
from bridge.planning.promises.promise import ShownBand
from bridge.rendering.proof.listened import Excerpt
from bridge.rendering.proof.pitch import shift_cents
from bridge.rendering.proof.place import place_db
from bridge.rendering.proof.width import width_db
from tests import signals

RATE = 48000


def chord(cents: float = 0.0, seconds: float = 4.0) -> Audio:
    """Three harmonic notes, moved by so many cents."""
    at = np.arange(int(seconds * RATE)) / RATE
    notes = [220.0, 277.18, 329.63]
    factor = 2 ** (cents / 1200)
    samples = sum(np.sin(2 * np.pi * hz * k * factor * at) / k for hz in notes for k in range(1, 9))
    return Audio(np.tile((0.05 * samples).astype(np.float32), (2, 1)), RATE)


@pytest.mark.parametrize("cents", [400.0, -300.0, 37.0, -12.0, 1200.0])
def test_a_shift_is_found_to_two_cents(cents):
    assert shift_cents(chord(), chord(cents), near_cents=cents) == pytest.approx(cents, abs=2.0)


def test_a_shift_that_was_missed_by_20_cents_is_not_taken_for_what_was_asked():
    assert shift_cents(chord(), chord(380.0), near_cents=400.0) == pytest.approx(380.0, abs=2.0)


def test_noise_has_no_lines_to_follow():
    assert shift_cents(signals.white(-20.0, 4.0), signals.white(-20.0, 4.0, seed=7), near_cents=100.0) is None


@pytest.mark.parametrize("factor", [0.5, 1.3, 2.0])
def test_width_follows_the_side(factor):
    one, two = signals.white(-20.0, 3.0, seed=1).samples[0], signals.white(-20.0, 3.0, seed=2).samples[0]
    mid, side = one, 0.3 * two
    was = Audio(np.stack([mid + side, mid - side]).astype(np.float32), RATE)
    now = Audio(np.stack([mid + factor * side, mid - factor * side]).astype(np.float32), RATE)
    moved = (width_db(now) or 0.0) - (width_db(was) or 0.0)
    assert moved == pytest.approx(20 * np.log10(factor), abs=0.05)


def test_mono_has_no_width_and_a_mono_pair_the_least():
    mono = signals.white(-20.0, 2.0, channels=1)
    assert width_db(mono) is None
    assert width_db(Audio(np.tile(mono.samples, (2, 1)), RATE)) == pytest.approx(-60.0)


def test_a_cut_is_found_in_its_third_octave_whatever_the_level():
    from scipy.signal import sosfilt

    noise = signals.pink(-20.0, 6.0)
    # An own bell of -6 dB at 1 kHz, Q 1, by the Audio EQ Cookbook.
    a, w = 10 ** (-6 / 40), 2 * np.pi * 1000 / RATE
    alpha = np.sin(w) / 2
    sos = np.array(
        [[1 + alpha * a, -2 * np.cos(w), 1 - alpha * a, 1 + alpha / a, -2 * np.cos(w), 1 - alpha / a]]
    )
    sos /= sos[0, 3]
    louder = 1.5 * sosfilt(sos, noise.samples.astype(np.float64), axis=1)
    band = ShownBand(kind="bell", frequency_hz=1000.0, gain_db=-6.0, q=1.0)
    found = place_db(band, (), analyze(noise), analyze(Audio(louder.astype(np.float32), RATE)))
    assert not isinstance(found, str)
    assert found[0] == pytest.approx(-5.8, abs=0.2)  # the bell is a little shallower over a third octave
    assert found[1] == pytest.approx(found[0], abs=0.3)


def test_where_nothing_sounds_nothing_is_proven():
    tone = signals.sine(200.0, -12.0, 3.0)
    band = ShownBand(kind="bell", frequency_hz=8000.0, gain_db=3.0)
    found = place_db(band, (), analyze(tone), analyze(tone))
    assert isinstance(found, str) and "8 kHz" in found


def test_an_excerpt_is_that_stretch_and_no_frame_more():
    audio = signals.white(-20.0, 3.0)
    excerpt = Excerpt(audio, Span(start_s=0.5, end_s=2.25))
    cut = np.concatenate(list(excerpt.blocks(1000)), axis=1)
    assert excerpt.frames == 84000
    assert np.array_equal(cut, audio.samples[:, 24000:108000])
