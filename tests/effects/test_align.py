"""A sound moved in time: by how much, and that nothing else happens to it."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.effects.align import Align
from bridge.planning.plan import Plan, Step
from bridge.rendering.render import render
from tests import signals


def moved(audio, shift_ms, tail="trim"):
    step = Step(id="a", effect="align", parameters={"shift_ms": shift_ms})
    return render(audio, Plan(steps=(step,), tail=tail)).audio


@pytest.mark.parametrize("frames", [0, 1, 480, 12_345])
def test_whole_frames_are_moved_to_the_bit(frames):
    audio = signals.white(-20, 0.5)
    later = moved(audio, frames / 48).samples
    assert np.array_equal(later[:, frames:-240], audio.samples[:, : audio.frames - frames - 240])
    assert not later[:, :frames].any()
    earlier = moved(audio, -frames / 48).samples
    assert np.array_equal(earlier[:, : audio.frames - frames], audio.samples[:, frames:])
    assert earlier.shape == audio.samples.shape


@pytest.mark.parametrize("frames", [0.5, -0.25, 100.4, -7.75])
@pytest.mark.parametrize("frequency_hz", [100.0, 5000.0, 18_000.0])
def test_parts_of_a_frame_turn_a_sine_by_what_the_delay_is(frames, frequency_hz):
    audio = signals.sine(frequency_hz, -6, 0.5)
    inside = slice(2000, 20_000)
    t = np.arange(audio.frames) / audio.rate
    expected = 10 ** (-6 / 20) * np.sin(2 * np.pi * frequency_hz * (t - frames / audio.rate))
    got = moved(audio, frames / 48).samples
    assert np.abs(got[:, inside] - expected[inside]).max() < 10 ** (-80 / 20)


def test_what_is_moved_behind_the_end_is_kept_where_tails_are():
    audio = signals.white(-20, 0.1)
    assert moved(audio, 10.0, tail="keep").frames == pytest.approx(audio.frames + 480, abs=240)


def test_it_never_acts_by_itself():
    from bridge.analysis import analyze

    assert Align.auto(analyze(signals.music_like(3.0))) is None
