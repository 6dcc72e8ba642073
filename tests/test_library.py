"""The library door of the contract, as a script would use it, on real files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest

import bridge
from bridge.errors import BadInput
from tests import signals

WORDS = "cut 6 dB at 1 kHz Q 1, -20 LUFS"


def test_read_analyze_plan_render_write_meets_the_wish(tmp_path: Path):
    source = tmp_path / "vocal.wav"
    bridge.write(source, signals.pink(-20, 6))
    audio = bridge.read(source)
    analysis = bridge.analyze(audio, without=("tempo", "key"))
    outcome = bridge.plan(WORDS, analysis)
    assert (outcome.kind, outcome.unsupported) == ("plan", ())
    render = bridge.render(audio, outcome.plan)
    assert render.ok, render.checks
    bridge.write(tmp_path / "vocal-warm.wav", render.audio)
    again = bridge.read(tmp_path / "vocal-warm.wav")
    judge = pyloudnorm.Meter(again.rate, filter_class="DeMan")
    assert judge.integrated_loudness(again.samples.T.astype(float)) == pytest.approx(-20.0, abs=0.1)
    assert _level_db(again, 1000) - _level_db(again, 8000) == pytest.approx(
        _level_db(audio, 1000) - _level_db(audio, 8000) - 6.0, abs=0.5
    )


def test_a_plan_is_the_same_for_the_same_words_and_sound():
    analysis = bridge.analyze(signals.pink(-20, 2), without=("tempo", "key"))
    assert bridge.plan("warmer", analysis) == bridge.plan("warmer", analysis)


def test_stems_are_planned_and_rendered_by_name():
    stems = {"vocals": signals.pink(-24, 3), "drums": signals.music_like(3)}
    measured = {name: bridge.analyze(audio, without=("tempo", "key")) for name, audio in stems.items()}
    outcome = bridge.plan("vocals up 3 dB", measured)
    assert [(step.effect, step.where) for step in outcome.plan.steps] == [("gain", "vocals")]
    render = bridge.render(stems, outcome.plan)
    assert np.array_equal(render.audio["drums"].samples, stems["drums"].samples)
    louder = bridge.analyze(render.audio["vocals"], without=("tempo", "key"))
    assert louder["rms"].value - measured["vocals"]["rms"].value == pytest.approx(3.0, abs=0.01)


def test_an_analysis_can_be_built_from_readings_alone():
    analysis = bridge.Analysis.from_readings({"integrated_loudness": -9.2})
    assert (analysis["integrated_loudness"].value, analysis["integrated_loudness"].unit) == (-9.2, "LUFS")


def test_an_unknown_reading_is_refused():
    with pytest.raises(bridge.BridgeError, match="colour"):
        bridge.Analysis.from_readings({"colour": 1.0})


def _level_db(audio: bridge.Audio, frequency_hz: float) -> float:
    """Power in the third-octave around a frequency, by FFT of the whole sound."""
    spectrum = np.abs(np.fft.rfft(audio.samples.mean(axis=0))) ** 2
    frequency = np.fft.rfftfreq(audio.frames, 1 / audio.rate)
    inside = (frequency > frequency_hz / 2 ** (1 / 6)) & (frequency < frequency_hz * 2 ** (1 / 6))
    return float(10 * np.log10(spectrum[inside].sum()))


def test_what_was_read_is_not_written_over_unless_that_is_said(tmp_path):
    source = tmp_path / "vocal.wav"
    bridge.write(source, signals.pink(-20, 1))
    before = source.read_bytes()
    audio = bridge.read(source)
    (tmp_path / "link.wav").symlink_to(source)
    for path in (source, str(source), tmp_path / "link.wav"):
        with pytest.raises(BadInput, match="is the original"):
            bridge.write(path, audio)
    assert source.read_bytes() == before
    bridge.write(source, signals.pink(-30, 1), overwrite=True)
    assert source.read_bytes() != before
