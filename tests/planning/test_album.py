"""An album at one loudness: one gain for all, limiters only where a song would pass the ceiling."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import analyze
from bridge.analysis.album_loudness import album_loudness
from bridge.audio import Audio
from bridge.errors import BadInput
from bridge.planning.album import album_plan
from bridge.rendering.render import render
from tests import signals


def songs():
    """A loud one, a quiet one, and one with a peak high over the rest; 48 and 44.1 kHz, stereo and mono."""
    loud, quiet = signals.pink(-20, 6.0, seed=1), signals.pink(-32, 4.0, seed=2, rate=44100, channels=1)
    peaky = signals.pink(-24, 5.0, seed=3)
    samples = peaky.samples.copy()
    samples[:, 1000:1004] = 0.7
    return {"loud": loud, "quiet": quiet, "peaky": Audio(samples, peaky.rate)}


def analyses(sounds):
    return {name: analyze(each, without=("tempo", "key")) for name, each in sounds.items()}


def test_the_loudness_of_an_album_is_that_of_its_songs_one_after_the_other():
    one, other = signals.pink(-20, 8.0, seed=1), signals.pink(-29, 8.0, seed=2)
    joined = Audio(np.concatenate([one.samples, other.samples], axis=1), one.rate)
    heard = [analyze(each, without=("tempo", "key")) for each in (one, other, joined)]
    assert album_loudness(heard[:2]) == pytest.approx(heard[2].number("integrated_loudness"), abs=0.05)


def test_a_song_far_below_the_others_is_gated_out_of_the_albums_loudness():
    loud, soft = analyze(signals.pink(-20, 5.0)), analyze(signals.pink(-45, 20.0))
    assert album_loudness([loud, soft]) == pytest.approx(loud.number("integrated_loudness"), abs=0.02)


def test_all_songs_get_one_gain_and_only_the_one_that_needs_it_a_limiter():
    before = songs()
    plan = album_plan(analyses(before), -16.0)
    assert {name: [step.effect for step in each.steps] for name, each in plan.songs.items()} == {
        "loud": ["gain"],
        "quiet": ["gain"],
        "peaky": ["loudness"],
    }
    assert {plan.songs[name].steps[0].parameters["gain_db"] for name in ("loud", "quiet")} == {plan.gain_db}
    after = analyses({name: render(before[name], each).audio for name, each in plan.songs.items()})
    assert album_loudness(after.values()) == pytest.approx(-16.0, abs=0.1)
    assert all(song.number("true_peak") <= -0.95 for song in after.values())
    was, now = (each["loud"].number("integrated_loudness") for each in (analyses(before), after))
    for name, apart in (("quiet", 0.02), ("peaky", 0.1)):
        other = [each[name].number("integrated_loudness") for each in (analyses(before), after)]
        assert now - other[1] == pytest.approx(was - other[0], abs=apart)


def test_an_album_that_is_there_already_needs_no_plan():
    heard = analyses({"one": signals.pink(-20, 5.0, seed=1), "two": signals.pink(-22, 5.0, seed=2)})
    assert not album_plan(heard, album_loudness(heard.values())).songs


def test_hard_limiting_is_told_by_name():
    plan = album_plan(analyses(songs()), -8.0)
    assert any("peaky" in warning and "Hard limiting" in warning for warning in plan.warnings)


@pytest.mark.parametrize(("lufs", "dbtp"), [(np.nan, -1.0), (-np.inf, -1.0), (1e308, -1.0), (-14.0, np.nan)])
def test_a_goal_that_is_none_is_refused_with_what_to_ask_for(lufs, dbtp):
    with pytest.raises(BadInput, match=r"[Aa]sk for") as caught:
        album_plan(analyses({"song": signals.pink(-20, 1.0)}), lufs, dbtp)
    assert len(caught.value.message) < 200


def test_songs_without_a_loudness_are_refused_and_one_of_them_is_told():
    silent = analyze(Audio(np.zeros((2, 48000), np.float32), 48000), without=("tempo", "key"))
    with pytest.raises(BadInput, match="No song here has a loudness"):
        album_plan({"silent": silent}, -14.0)
    plan = album_plan({"silent": silent, **analyses({"one": signals.pink(-20, 5.0)})}, -16.0)
    assert any("silent" in warning for warning in plan.warnings)
