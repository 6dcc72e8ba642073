"""Jobs seek the form of a song where the words name a part of it, and only there."""

from __future__ import annotations

import pytest
import soundfile

from bridge.analysis import FORM, analyze
from bridge.jobs import run
from bridge.jobs.run import run_job
from bridge.jobs.spec import JobSpec
from tests.analysis.songs_of_bars import RATE, song_of


@pytest.fixture(scope="module")
def song():
    return song_of("vcvc")


def _planned(home, song, words, wired):
    path = home / "inbox" / "song.wav"
    soundfile.write(path, song.samples.T, RATE)
    return run_job(JobSpec(job="j", attempt=1, phase="plan", path=str(path), request=words), wired)


def test_a_job_makes_the_choruses_louder_where_they_are(home, song, wired):
    plan = _planned(home, song, "choruses 2 dB louder", wired).outcome.plan
    spans = [(step.region.start_s, step.region.end_s) for step in plan.steps if step.effect == "gain"]
    assert len(spans) == 2
    for (start_s, end_s), (begin_s, until_s) in zip(spans, ((16, 32), (48, 64)), strict=True):
        assert min(end_s, until_s) - max(start_s, begin_s) > 0.7 * (until_s - begin_s)
        assert begin_s - 2.0 <= start_s and end_s <= until_s + 2.0


def test_a_job_without_a_part_of_the_song_does_not_seek_its_form(home, song, wired, monkeypatch):
    asked = []
    measure = run.measure
    monkeypatch.setattr(
        run, "measure", lambda sound, bar, without: asked.append(without) or measure(sound, bar, without)
    )
    _planned(home, song, "an eighth-note delay, warmer", wired)
    assert len(asked) == 2 and FORM in asked[1] and "tempo" not in asked[1]


def test_the_form_is_left_out_where_it_is_not_wanted_and_all_else_stays(song):
    whole, rest = analyze(song), analyze(song, (FORM,))
    assert set(whole.curves) - set(rest.curves) == {FORM}
    assert whole.readings == rest.readings
