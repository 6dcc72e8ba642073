"""Sections by loudness: planted steps are found where they are, and nothing where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import Analysis, analyze
from bridge.analysis.metrics import METRICS
from bridge.audio import Audio
from tests.analysis.pieces import groove
from tests.signals import pink, silence


def measured(audio: Audio) -> Analysis:
    """Loudness alone: nothing else is needed here."""
    return analyze(audio, {metric.name for metric in METRICS} - {"integrated_loudness"})


def stepped(audio: Audio, edges_s: list[float], levels_db: list[float]) -> Audio:
    """A sound whose level changes at `edges_s`."""
    at = np.arange(audio.frames) / audio.rate
    gain = np.array(levels_db)[np.searchsorted(edges_s, at, side="right")]
    return Audio((audio.samples * 10 ** (gain / 20)).astype(np.float32), audio.rate)


def edges(analysis: Analysis) -> list[float]:
    return [part["start_s"] for part in analysis.curves["sections"][1:]]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", ["noise", "groove"])
def test_planted_steps_are_found_within_a_second(seed, kind):
    generator = np.random.default_rng(seed)
    places = list(np.cumsum(generator.uniform(8, 16, 4)))
    levels = list(np.cumsum([0.0, *(generator.choice([-1, 1], 4) * generator.uniform(3, 9, 4))]) - 12)
    sound = pink(-20, 70, 44100, 1, seed) if kind == "noise" else groove(110, seed, 70)
    found = edges(measured(stepped(sound, places, levels)))
    assert len(found) == 4
    assert np.abs(np.array(found) - places).max() < 1.0


def test_sections_touch_and_cover_the_whole_and_say_how_loud_they_are():
    analysis = measured(stepped(pink(-20, 30.3), [12.0], [0.0, -10.0]))
    first, second = analysis.curves["sections"]
    assert (first["start_s"], second["end_s"]) == (0.0, 30.3)
    assert first["end_s"] == second["start_s"]
    assert first["lufs"] - second["lufs"] == pytest.approx(10.0, abs=0.3)


@pytest.mark.parametrize("sound", [pink(-20, 60), groove(97, 5, 60), groove(140, 6, 60, 0.12)])
def test_what_stays_as_loud_is_one_section(sound):
    assert len(measured(sound).curves["sections"]) == 1


def test_silence_in_the_middle_is_a_section_of_its_own():
    sound = np.concatenate([pink(-20, 10).samples, silence(10).samples, pink(-20, 10).samples], axis=1)
    parts = measured(Audio(sound, 48000)).curves["sections"]
    assert [part["start_s"] for part in parts] == pytest.approx([0, 10, 20], abs=0.51)
    assert parts[1]["lufs"] is None or parts[1]["lufs"] < parts[0]["lufs"] - 30


def test_the_loudest_part_is_where_the_level_was_raised():
    loudest = measured(stepped(pink(-20, 60), [33.3, 48.3], [-9.0, 0.0, -9.0])).curves["loudest"]
    assert loudest["start_s"] == pytest.approx(33.3, abs=0.11)
    assert loudest["end_s"] - loudest["start_s"] == pytest.approx(15.0)


def test_a_sound_shorter_than_the_loudest_part_is_that_part():
    assert measured(pink(-20, 5)).curves["loudest"] == {"start_s": 0.0, "end_s": 5.0}


def test_silence_and_short_sounds_have_no_sections():
    assert "sections" not in measured(silence(20)).curves
    assert "sections" not in measured(pink(-20, 5)).curves


def test_gain_moves_no_edge():
    sound = stepped(pink(-30, 40, 44100, 1), [15.0], [0.0, 6.0])
    louder = Audio(sound.samples * np.float32(4), sound.rate)
    assert edges(measured(sound)) == edges(measured(louder))
