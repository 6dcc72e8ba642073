"""The form of a song: where parts begin, which come back, and what they are called."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bridge.analysis import analyze
from bridge.analysis.form import Part
from bridge.analysis.form_names import named
from bridge.audio import Audio
from tests.analysis.songs_of_bars import RATE, song_of
from tests.real import must_have


def _at(form: list[dict[str, object]], seconds: float) -> dict[str, object]:
    return next(part for part in form if part["start_s"] <= seconds < part["end_s"])


def test_parts_of_a_song_begin_within_the_two_seconds_they_are_smoothed_over_and_come_back():
    form = analyze(song_of("ivcvc")).curves["form"]
    middles = [_at(form, begin + 8) for begin in (0, 16, 32, 48, 64)]
    assert [part["name"] for part in middles] == ["intro", "verse", "chorus", "verse", "chorus"]
    assert middles[1]["label"] == middles[3]["label"] != middles[2]["label"] == middles[4]["label"]
    for begin in (16, 32, 48, 64):
        assert min(abs(part["start_s"] - begin) for part in form) <= 2.0


def test_parts_cover_the_whole_song_without_gaps():
    form = analyze(song_of("vcvc")).curves["form"]
    assert form[0]["start_s"] == 0
    assert form[-1]["end_s"] == pytest.approx(64, abs=0.2)
    assert all(one["end_s"] == two["start_s"] for one, two in pairwise(form))


def test_gain_does_not_move_the_parts():
    song = song_of("vcvc")
    quieter = Audio(song.samples * np.float32(0.25), song.rate)
    one, two = (analyze(each).curves["form"] for each in (song, quieter))
    assert [part["start_s"] for part in one] == [part["start_s"] for part in two]
    assert [part["name"] for part in one] == [part["name"] for part in two]


def test_a_short_sound_and_silence_have_no_form():
    assert "form" not in analyze(Audio(song_of("v").samples[:, : 20 * RATE], RATE)).curves
    assert "form" not in analyze(Audio(np.zeros((2, 40 * RATE), np.float32), RATE)).curves


def test_steady_noise_is_one_part_without_a_name():
    noise = 0.1 * np.random.default_rng(440).standard_normal((1, 60 * RATE))
    form = analyze(Audio(noise.astype(np.float32), RATE)).curves["form"]
    assert [part["name"] for part in form] == [""]


def _parts(*labels: tuple[str, float]) -> list[Part]:
    return [Part(20.0 * at, 20.0 * (at + 1), label, level) for at, (label, level) in enumerate(labels)]


def test_of_two_parts_that_come_back_the_louder_is_the_chorus_and_a_small_margin_is_no_certainty():
    clear = named(_parts(("A", -4), ("B", 0), ("A", -4), ("B", 0)))
    close = named(_parts(("A", -0.3), ("B", 0), ("A", -0.3), ("B", 0)))
    assert [part.name for part in clear] == ["verse", "chorus", "verse", "chorus"]
    assert clear[1].confidence == 1.0
    assert close[1].confidence < 0.5


def test_what_comes_once_between_choruses_is_a_bridge_and_at_the_ends_intro_and_outro():
    found = named(_parts(("I", -9), ("V", -4), ("C", 0), ("V", -4), ("C", 0), ("B", -6), ("C", 0), ("O", -9)))
    assert [part.name for part in found] == [
        "intro", "verse", "chorus", "verse", "chorus", "bridge", "chorus", "outro",
    ]  # fmt: skip


def test_nothing_that_comes_back_gives_no_names():
    assert {part.name for part in named(_parts(("A", 0), ("B", -3), ("C", -1)))} == {""}


@pytest.mark.real
def test_choruses_of_a_song_from_real_loops_are_found():
    from tests.analysis.corpus.recordings import available
    from tests.benchmarks.songs import song

    must_have("alsa-utils and sonic-pi-samples", available())
    made = song(440, "I V C V C O")
    form = analyze(Audio(made.samples, RATE)).curves["form"]
    for name, start, end in made.parts:
        if name == "chorus":
            inside = [min(end, p["end_s"]) - max(start, p["start_s"]) for p in form if p["name"] == "chorus"]
            assert sum(seconds for seconds in inside if seconds > 0) > 0.7 * (end - start)
