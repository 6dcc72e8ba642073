"""Words about time and pitch on real recordings, as a person types them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

import bridge
from bridge.analysis import SLOW_METRICS, analyze
from bridge.audio import Audio
from tests.cli.conftest import Run


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


TABLA = Path(__file__).parents[2] / "docs" / "recordings" / "loop_tabla.flac"
FRAMES, RATE = 470_723, 44_100


@pytest.mark.parametrize(
    ("words", "effects", "frames"),
    [
        ("10 % faster, up two semitones", ["time_stretch", "pitch_shift"], round(FRAMES / 1.1)),
        pytest.param("stretch to 0:12", ["time_stretch"], 12 * RATE, marks=pytest.mark.slow),
    ],
)
def test_words_about_time_and_pitch_change_a_real_recording_as_they_say(words, effects, frames):
    samples, rate = soundfile.read(str(TABLA), always_2d=True, dtype="float32")
    audio = Audio(np.ascontiguousarray(samples.T), rate)
    plan = bridge.plan(words, analyze(audio, SLOW_METRICS)).plan
    made = bridge.render(audio, plan)
    assert made.ok and sorted(step.effect for step in plan.steps) == sorted(effects)
    assert made.audio.frames == frames


def test_a_part_that_is_kept_and_faded_says_where_it_was(run: Run, tmp_path):
    out = tmp_path / "out.wav"
    words = "keep only 0:02 to 0:05, then fade in 0.5 s and fade out over the last 2 seconds"
    found = run("process", str(TABLA), words, "-o", str(out), "--planner", "offline", "--json").json
    assert found["ok"] and [step["effect"] for step in found["plan"]["steps"]] == ["trim", "fade"]
    samples, _ = soundfile.read(str(out), dtype="int32", always_2d=True)
    assert len(samples) == 3 * RATE and found["offset_s"] == 2.0
    assert abs(int(samples[-1].max())) <= 2**9 and abs(int(samples[0].max())) <= 2**9  # dither of 24 bits


def test_a_tempo_is_measured_where_words_go_to_one(run: Run, tmp_path):
    """The loop has 180 BPM, felt as 90."""
    out = tmp_path / "out.wav"
    words = "slow down to 85 BPM"
    found = run("process", str(TABLA), words, "-o", str(out), "--planner", "offline", "--json").json
    settings = found["plan"]["steps"][0]["parameters"]
    assert settings["from_bpm"] == pytest.approx(90, abs=0.1) and settings["to_bpm"] == 85
    assert soundfile.info(str(out)).frames == pytest.approx(FRAMES * 90 / 85, rel=1e-3)
    assert "tempo" in found["plan"]["steps"][0]["reason"]
