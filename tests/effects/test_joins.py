"""Where pieces of a long sound meet after a time stretch: no dip in a held chord, and no memory of the whole."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from bridge.audio import Audio, Samples
from bridge.effects.dsp import rubber_band, stretching
from tests import signals
from tests.effects.timed import drums, onset_errors_ms

RATE = 48000


def held_chord(seconds: float, seed: int) -> Audio:
    """Four notes of six partials at a steady level, in other phases left and right."""
    turn = 2 * np.pi * np.arange(round(seconds * RATE)) / RATE
    generator = signals.rng(seed)
    wave = np.zeros((2, turn.size))
    for hz in (220.0, 277.2, 329.6, 440.0):
        for partial in range(1, 7):
            wave += 0.04 / partial * np.sin(partial * hz * turn + generator.uniform(0, 2 * np.pi, (2, 1)))
    return Audio(wave.astype(np.float32), RATE)


def stretched(audio: Audio, speed: float) -> Samples:
    made = stretching.Stretching(audio.rate, audio.channels, speed, 0.0, True)
    return np.concatenate([made.process(audio.samples), made.flush()], axis=1)


def levels_db(samples: Samples) -> np.ndarray:
    """Of each tenth of a second, without the first and last four, where the sound itself begins and ends."""
    power = np.mean(samples.astype(np.float64) ** 2, axis=0)
    tenths = power[: power.size // 4800 * 4800].reshape(-1, 4800).mean(axis=1)
    return np.asarray(10 * np.log10(tenths[4:-4]))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_held_chord_in_pieces_of_2_s_is_as_loud_at_its_joins_as_in_one_piece(monkeypatch, seed):
    audio = held_chord(7.0, seed)
    whole = stretched(audio, 0.8)
    monkeypatch.setattr(stretching, "PIECE_S", 2.0)
    monkeypatch.setattr(stretching, "SEARCH_S", 0.5)
    pieces = stretched(audio, 0.8)
    assert pieces.shape == whole.shape and not np.array_equal(pieces, whole)
    assert np.abs(levels_db(pieces) - levels_db(whole)).max() <= 0.5


@pytest.mark.parametrize("speed", [0.8, 1.25])
def test_hits_behind_three_joins_are_still_in_time(monkeypatch, speed):
    """The aims of a stretch in one piece: 85 % within 10 ms, a median of 4 ms at most, the length to the sample."""
    audio, times_s = drums(440, 14.0)
    monkeypatch.setattr(stretching, "PIECE_S", 3.0)
    monkeypatch.setattr(stretching, "SEARCH_S", 0.75)
    pieces = stretched(audio, speed)
    errors_ms = np.abs(onset_errors_ms(Audio(pieces, RATE), times_s / speed))
    assert pieces.shape[1] == round(audio.frames / speed)
    assert np.median(errors_ms) <= 4.0 and np.mean(errors_ms <= 10.0) >= 0.85


def test_ten_minutes_are_never_held_whole(monkeypatch):
    """With a plain reader in the place of Rubber Band, which sees 26 s at once whatever the length."""

    def read_slower(samples: Samples, rate: int, speed: float, semitones: float, formants: bool) -> Samples:
        at = (np.arange(round(samples.shape[1] / speed)) * speed).astype(np.intp)
        return samples[:, np.minimum(at, samples.shape[1] - 1)]

    monkeypatch.setattr(rubber_band, "stretched", read_slower)
    rate, minutes = 8000, 10
    made = stretching.Stretching(rate, 2, 0.8, 0.0, True)
    block, frames = np.ones((2, 16000), np.float32), 0
    tracemalloc.start()
    for _ in range(minutes * 60 // 2):
        frames += made.process(block).shape[1]
    frames += made.flush().shape[1]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert frames == round(minutes * 60 * rate / 0.8)
    assert peak < 0.6 * minutes * 60 * rate * 2 * 4
