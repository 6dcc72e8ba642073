"""Tempo, beats, onsets and key of synthetic pieces whose truth is known because they were made so.

A few of each; `python -m tests.benchmarks.music` counts on many.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bridge
from bridge.analysis import Analysis, analyze
from bridge.analysis.metrics import METRICS
from bridge.analysis.tempo import _at
from bridge.audio import Audio
from tests.analysis.pieces import NAMES, groove, progression
from tests.signals import pink, white

MUSIC = {"tempo", "key"}
BESIDES = {metric.name for metric in METRICS if not {metric.name, metric.belongs_to} & MUSIC}
BPM = tuple(60.37 + 12 * step for step in range(10))


def rhythm(audio: Audio) -> Analysis:
    return analyze(audio, BESIDES | {"key"})


def pitch(audio: Audio) -> Analysis:
    return analyze(audio, BESIDES | {"tempo"})


def hits(times_s: np.ndarray, rise_db: float, seconds: float = 20.0, rate: int = 44100) -> Audio:
    """Pink noise, and for 100 ms from each of the times so much more of it."""
    bed, more = (pink(-40, seconds, rate, 1, seed).samples[0] for seed in (1, 2))
    at = np.arange(bed.size) / rate
    since = at - times_s[np.searchsorted(times_s, at, side="right").clip(1) - 1]
    on = (since >= 0) & (since < 0.1)
    return Audio((bed + on * more * np.sqrt(10 ** (rise_db / 10) - 1)).astype(np.float32)[None], rate)


@pytest.fixture(scope="module")
def tempi() -> list[tuple[float, Analysis]]:
    """(true BPM, analysis) of grooves from 60 to 170 BPM, a fifth of them swung."""
    return [
        (bpm, rhythm(groove(bpm, 9000 + index, 20.0, 0.12 if index % 5 == 0 else 0.0)))
        for index, bpm in enumerate(BPM)
    ]


def test_nine_tempi_of_ten_are_within_half_a_percent_allowing_octaves(tempi):
    read = [(bpm, analysis.number("tempo")) for bpm, analysis in tempi]
    ratios = [min(abs(found / bpm / octave - 1) for octave in (0.5, 1, 2)) for bpm, found in read]
    assert np.mean(np.array(ratios) < 0.005) >= 0.9


def test_the_octave_is_right_more_often_than_in_four_of_five(tempi):
    right = [abs(analysis.number("tempo") / bpm - 1) < 0.04 for bpm, analysis in tempi]
    assert np.mean(right) > 0.8


def test_the_true_tempo_stands_among_the_candidates(tempi):
    for bpm, analysis in tempi:
        candidates = analysis.curves["tempo"]["candidates"]
        assert any(abs(one["bpm"] / bpm - 1) < 0.01 for one in candidates)
        assert sum(one["share"] for one in candidates) == pytest.approx(1.0, abs=0.05)


def test_a_sound_that_never_repeats_does_not_repeat_with_its_own_length():
    alike = np.array([1.0, *np.zeros(280)])
    assert not _at(alike, np.linspace(2.0, 300.0, 3000)).any()


def test_beats_of_hits_are_on_the_hits():
    times = np.arange(0.3, 19.8, 0.5)
    curve = rhythm(hits(times, 15)).curves["tempo"]
    beats = np.array(curve["beats_s"])
    assert curve["first_beat_s"] == curve["beats_s"][0]
    off = (beats - 0.3 + 0.25) % 0.5 - 0.25
    assert np.abs(off).max() < 0.025
    assert len(beats) >= len(times) - 1


def test_a_steady_groove_is_not_variable_and_a_change_is_seen():
    steady = groove(110, 1, 40)
    changed = Audio(np.concatenate([groove(110, 1, 30).samples, groove(117, 1, 30).samples], axis=1), 44100)
    assert rhythm(steady).curves["tempo"]["variable"] is False
    assert rhythm(changed).curves["tempo"]["variable"] is True


@pytest.mark.parametrize("noise", [white, pink])
def test_noise_has_no_beat_or_says_that_it_is_doubtful(noise):
    confidence = rhythm(noise(-20, 20, 44100)).number("tempo_confidence")
    assert confidence is None or confidence < 0.2


def test_hits_at_no_particular_times_have_no_beat_or_a_doubtful_one():
    times = np.sort(np.random.default_rng(5).uniform(0.2, 19.5, 60))
    confidence = rhythm(hits(times, 15)).number("tempo_confidence")
    assert confidence is None or confidence < 0.3


@pytest.mark.parametrize("rise_db", [8.0, 15.0, 25.0])
def test_hits_are_counted_and_their_rise_is_read(rise_db):
    times = np.sort(0.4 + 0.37 * np.arange(50) + np.random.default_rng(7).uniform(-0.1, 0.1, 50))
    analysis = rhythm(hits(times, rise_db))
    assert analysis.number("onset_rate") == pytest.approx(50 / 20, rel=0.06)
    # The loudest 10 ms of noise lie somewhat above its mean.
    assert rise_db <= analysis.number("transient_strength") <= rise_db + 4


def test_steady_noise_has_hardly_an_onset():
    assert rhythm(pink(-20, 20, 44100, 1)).number("onset_rate") < 0.5


def test_compression_makes_transients_weaker():
    sound = groove(100, 4, 12)
    flat = Audio(np.tanh(8 * sound.samples).astype(np.float32), sound.rate)
    assert rhythm(flat).number("transient_strength") < rhythm(sound).number("transient_strength") - 1


@pytest.mark.parametrize("name", ["onset_rate", "transient_strength"])
def test_what_is_too_short_or_silent_has_no_onsets_and_says_why(name):
    assert rhythm(white(-20, 2))[name].reason == "shorter than 4 s"
    assert rhythm(Audio(np.zeros((1, 44100 * 6), np.float32), 44100))[name].reason == "silence"


def test_keys_of_progressions():
    read = []
    for index in range(0, 24, 5):
        tonic, mode = index % 12, "major" if index % 2 == 0 else "minor"
        found = pitch(progression(tonic, mode, seed=700 + index))["key"].value
        read.append(found == f"{NAMES[mode][tonic]} {mode}")
    assert np.mean(read) >= 0.85


@pytest.mark.parametrize("cents", [-30.0, 25.0])
def test_tuning_is_read_in_cents_and_leaves_the_key(cents):
    analysis = pitch(progression(2, "major", 11, 440.0 * 2 ** (cents / 1200)))
    assert analysis.number("tuning") == pytest.approx(cents, abs=4)
    assert analysis["key"].value == "D major"


def test_leaving_out_tempo_and_key_leaves_out_what_belongs_to_them():
    analysis = analyze(white(-20, 1), without=("tempo", "key"))
    music = {
        "tempo",
        "tempo_confidence",
        "onset_rate",
        "transient_strength",
        "key",
        "key_confidence",
        "tuning",
    }
    assert not music & set(analysis.readings)


def test_the_example_of_the_page_runs(tmp_path, monkeypatch, capsys):
    page = (Path(__file__).parents[2] / "docs" / "analysis.md").read_text(encoding="utf-8")
    example = page.partition("## How fast, which key")[2].partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(tmp_path)
    bridge.write("loop.wav", groove(100, 3, 16))
    exec(example, {})
    said = capsys.readouterr().out
    assert float(said.split()[0]) == pytest.approx(100, rel=0.005)
    assert "loudest from" in said
