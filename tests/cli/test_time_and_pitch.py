"""Words about time and pitch on real recordings, as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from tests.cli.conftest import Run

TABLA = Path(__file__).parents[2] / "docs" / "recordings" / "loop_tabla.flac"
FRAMES, RATE = 470_723, 44_100


@pytest.mark.parametrize(
    ("words", "effect", "frames", "offset_s"),
    [
        ("10 % faster", "time_stretch", round(FRAMES / 1.1), 0.0),
        ("stretch to 0:12", "time_stretch", 12 * RATE, 0.0),
        ("up two semitones", "pitch_shift", FRAMES, 0.0),
        ("keep only 0:02 to 0:05", "trim", 3 * RATE, 2.0),
        ("fade in 0.5 s and fade out over the last 2 seconds", "fade", FRAMES, 0.0),
    ],
)
def test_words_about_time_change_a_real_recording_as_they_say(
    run: Run, tmp_path, words, effect, frames, offset_s
):
    out = tmp_path / "out.wav"
    found = run("process", str(TABLA), words, "-o", str(out), "--planner", "offline", "--json").json
    assert found["ok"] and [step["effect"] for step in found["plan"]["steps"]] == [effect]
    assert soundfile.info(str(out)).frames == frames and found["offset_s"] == offset_s
    if effect == "fade":
        samples, _ = soundfile.read(str(out), dtype="int32", always_2d=True)
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
