"""Polarity and sides: which channel is turned over, which stand the other way round, and that nothing else changes."""

import numpy as np
import pytest

from bridge.effects.channels import Channels
from tests import signals
from tests.effects.streams import apply


def numbered(channels):
    """Each channel holds its own number, so that it is known again."""
    sound = signals.silence(0.1, channels=channels)
    sound.samples[:] = np.arange(1, channels + 1, dtype=np.float32)[:, None] / 16
    return sound


def heard(effect, channels):
    """What comes out of each channel: the number of the one it was, negative where it was turned over."""
    out = apply(effect, numbered(channels))
    assert (out == out[:, :1]).all()
    return list(out[:, 0] * 16)


@pytest.mark.parametrize(
    ("said", "comes"),
    [
        ({}, [1, 2]),
        ({"invert": True}, [-1, -2]),
        ({"invert_left": True}, [-1, 2]),
        ({"invert_right": True}, [1, -2]),
        ({"swap": True}, [2, 1]),
        ({"invert_right": True, "swap": True}, [-2, 1]),
        ({"invert": True, "invert_right": True}, [-1, 2]),
    ],
)
def test_of_two_channels_the_right_one_is_turned_over_or_moved(said, comes):
    assert heard(Channels(**said), 2) == comes


def test_in_surround_the_front_is_turned_over_and_every_pair_is_swapped():
    assert heard(Channels(invert_right=True), 6) == [1, -2, 3, 4, 5, 6]
    assert heard(Channels(swap=True), 6) == [2, 1, 3, 4, 6, 5]
    assert heard(Channels(invert=True), 6) == [-1, -2, -3, -4, -5, -6]


def test_mono_can_be_turned_over_and_says_that_it_has_no_sides():
    assert heard(Channels(invert=True), 1) == [-1]
    right = Channels(invert_right=True, swap=True)
    assert heard(right, 1) == [1]
    assert "no left and right in a sound of 1 channel" in right.processor(48000, 1).warnings[0]
    assert not Channels(invert=True).processor(48000, 1).warnings


def test_turned_over_twice_it_is_the_sound_it_was_bit_for_bit():
    music = signals.music_like(0.5)
    once = apply(Channels(invert_left=True), music)
    twice = apply(Channels(invert_left=True), type(music)(once, music.rate))
    assert not np.array_equal(once, music.samples) and np.array_equal(twice, music.samples)
