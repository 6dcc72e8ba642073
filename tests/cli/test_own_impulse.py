"""`--impulse`, and a response that the words name, from the command line."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from tests import signals
from tests.cli.conftest import Run


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


RATE = 44100


@pytest.fixture
def sounds(tmp_path):
    """A folder with a voice, and another with a room."""
    audio = signals.music_like(1.5, level_dbfs_peak=-20.0)
    soundfile.write(tmp_path / "voice.wav", audio.samples.T, audio.rate, subtype="PCM_24")
    (tmp_path / "rooms").mkdir()
    time = np.arange(RATE // 4) / RATE
    noise = np.random.default_rng(5).standard_normal(len(time)) * 10 ** (-15 * time)
    soundfile.write(tmp_path / "rooms" / "church.wav", 0.1 * noise, RATE, subtype="FLOAT")
    return tmp_path


def room(plan: dict) -> dict:
    (step,) = [step for step in plan["steps"] if step["effect"] == "convolution_reverb"]
    return step["parameters"]


def test_a_response_elsewhere_is_used_and_needs_no_words(sounds, run):
    ran = run("process", "voice.wav", "--impulse", "rooms/church.wav", "--json", cwd=sounds)
    assert ran.code == 0, ran.err
    assert room(ran.json["plan"])["file"] == str(sounds / "rooms" / "church.wav")
    assert soundfile.info(ran.json["output"]).frames > 1.5 * 48000  # the room rings on


def test_the_words_may_name_it_with_its_folder_and_the_plan_holds_its_sound(sounds, run):
    words = "convolve with rooms/church.wav, 40 % wet"
    ran = run("plan", "voice.wav", words, "--json", cwd=sounds)
    found = room(ran.json["plan"])
    assert ran.code == 0 and found["file"] == str(sounds / "rooms" / "church.wav")
    assert found["mix"] == 0.4 and len(found["sha256"]) == 64


def test_one_that_is_not_there_is_named(sounds, run):
    for words in (["warmer", "--impulse", "hall.wav"], ["use the impulse response hall.wav"]):
        ran = run("plan", "voice.wav", *words, cwd=sounds)
        assert ran.code == 2 and "impulse response" in ran.err and "hall.wav" in ran.err
