"""The sum of stems as a sound, however it is read."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.errors import BadInput
from bridge.rendering.mixdown import Mixdown, longest_silence, must_meet
from tests import signals


def read(sound, frames):
    return np.concatenate(list(sound.blocks(frames)), axis=1)


def test_stems_of_several_lengths_that_begin_later_add_up_where_they_lie():
    one = Audio(np.full((1, 10), 0.25, np.float32), 1000)
    two = Audio(np.full((2, 4), 0.5, np.float32), 1000)
    mix = Mixdown({"one": one, "two": two}, {"two": 0.008})
    assert (mix.channels, mix.frames) == (2, 12)
    expected = [0.25] * 8 + [0.75] * 2 + [0.5] * 2
    assert read(mix, 65536).tolist() == [expected, expected]


@pytest.mark.parametrize("frames", [1, 7, 1000, 65536])
def test_how_a_sum_is_read_does_not_change_a_bit(frames):
    stems = {"a": signals.white(-20, 0.1, seed=1), "b": signals.white(-20, 0.05, channels=1, seed=2)}
    mix = Mixdown(stems, {"b": 0.0301})
    assert np.array_equal(read(mix, frames), read(mix, 65536))
    assert mix.frames == stems["a"].frames


def test_a_sum_cancels_to_the_last_bit_where_the_stems_do():
    noise = signals.white(-12, 0.2)
    turned = Audio(-noise.samples, noise.rate)
    assert not read(Mixdown({"a": noise, "b": turned}), 512).any()


@pytest.mark.parametrize("rate", [8000, 44100, 47999])
@pytest.mark.parametrize("frames", [1, 777, 65536])
def test_a_sound_of_a_lower_rate_stays_in_tune_and_in_time_in_the_sum(rate, frames):
    tone = signals.sine(1000, -6, 1.0, rate)
    mix = Mixdown({"tone": tone, "nothing": signals.silence(0.5, rate=48000)})
    out = read(mix, frames)
    assert (mix.rate, mix.frames, out.shape[1]) == (48000, 48000, 48000)
    expected = signals.sine(1000, -6, 1.0, 48000).samples
    inside = slice(4800, -4800)
    assert np.abs(out[:, inside] - expected[:, inside]).max() < 1e-5


def test_stems_of_several_kinds_have_no_sum():
    with pytest.raises(BadInput, match="6 ch"):
        Mixdown({"a": signals.silence(0.1), "b": signals.silence(0.1, channels=6)})
    with pytest.raises(BadInput, match="no stems"):
        Mixdown({})


def test_ten_minutes_without_a_sound_are_a_song_and_more_are_none():
    stems = {"one": signals.silence(3.0), "two": signals.silence(1.0), "three": signals.silence(9.0)}
    assert longest_silence(stems, {"two": 5.0, "three": 6.5}) == ("two", pytest.approx(2.0))
    assert longest_silence(stems, {"two": 1.0, "three": 2.0})[1] == 0.0
    must_meet(stems, {"two": 603.0})
    with pytest.raises(BadInput, match=r"two begins 11 minutes after .* where it begins"):
        must_meet(stems, {"two": 663.0, "three": 1.0})
