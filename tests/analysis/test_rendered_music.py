"""Tempo, beats and key of a few rendered pieces; `python -m tests.benchmarks.music` counts on many."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import Analysis, analyze
from bridge.analysis.metrics import METRICS
from tests.analysis.midi_player import must_have_players
from tests.analysis.rendered_music import Truth, progression, song
from tests.benchmarks.music import f_measure, recall

pytestmark = pytest.mark.real

MUSIC = {"tempo", "key"}
BESIDES = {metric.name for metric in METRICS if not {metric.name, metric.belongs_to} & MUSIC}
GENRES = ("rock", "house", "hip hop", "waltz", "shuffle", "ballad")


@pytest.fixture(scope="module")
def pieces() -> list[tuple[Truth, Analysis]]:
    must_have_players()
    made = []
    for index, genre in enumerate(GENRES):
        audio, truth = song(300 + index, 16.0, genre)
        made.append((truth, analyze(audio, BESIDES | {"key"})))
    return made


def test_the_octave_of_five_pieces_of_six_is_right(pieces):
    right = [abs(analysis.number("tempo") / truth.bpm - 1) < 0.04 for truth, analysis in pieces]
    assert sum(right) >= 5


def test_where_the_octave_is_right_nine_beats_of_ten_are_within_35_ms(pieces):
    shares = [
        recall(np.array(analysis.curves["tempo"]["beats_s"]), np.array(truth.beats_s), 0.035)
        for truth, analysis in pieces
        if abs(analysis.number("tempo") / truth.bpm - 1) < 0.04
    ]
    assert np.mean(shares) >= 0.9


def test_whoever_is_sure_has_the_right_octave(pieces):
    sure = [
        abs(analysis.number("tempo") / truth.bpm - 1) < 0.04
        for truth, analysis in pieces
        if analysis.number("tempo_confidence") >= 0.8
    ]
    assert len(sure) >= 3
    assert np.mean(sure) >= 0.9


def test_a_samba_that_may_be_felt_at_half_or_double_is_not_called_sure_and_says_so():
    must_have_players()
    audio, truth = song(56_015, 16.0, "samba")
    analysis = analyze(audio, BESIDES | {"key"})
    assert analysis.number("tempo_confidence") < 0.8
    shares = {one["bpm"]: one["share"] for one in analysis.curves["tempo"]["candidates"]}
    assert max(share for bpm, share in shares.items() if abs(bpm / truth.bpm - 1) < 0.04) > 0.1


@pytest.mark.parametrize(("genre", "from_bpm", "to_bpm"), [("pop", 90.0, 130.0), ("hip hop", 115.0, 85.0)])
def test_beats_follow_a_piece_that_changes_its_speed(genre, from_bpm, to_bpm):
    must_have_players()
    audio, truth = song(310, 30.0, genre, (from_bpm, to_bpm))
    curve = analyze(audio, BESIDES | {"key"}).curves["tempo"]
    assert curve["variable"]
    assert f_measure(np.array(curve["beats_s"]), np.array(truth.beats_s)) >= 0.9


def test_keys_of_rendered_progressions():
    must_have_players()
    read = []
    for index in range(4):
        audio, truth = progression(330 + index, 16.0, 5 * index % 12, ("major", "minor")[index % 2])
        read.append(analyze(audio, BESIDES | {"tempo"})["key"].value == truth.key)
    assert sum(read) >= 3


def test_a_rendered_piece_is_tuned_as_asked():
    must_have_players()
    audio, _ = progression(340, 10.0, 0, "major", tuning_cents=20.0)
    assert analyze(audio, BESIDES | {"tempo"}).number("tuning") == pytest.approx(20.0, abs=5)
