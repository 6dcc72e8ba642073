"""Words for colour, space and image, from the command to the sound, on real recordings: figures before and after."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

import bridge
from bridge.audio import Audio, Samples
from bridge.rendering.render import Render
from tests.analysis.corpus import recordings
from tests.cli.conftest import Run
from tests.effects.streams import level_db
from tests.real import must_have


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


pytestmark = pytest.mark.real


def recording(name: str, seconds: float = 4.0, level: float = 0.5) -> Audio:
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    samples, rate = soundfile.read(recordings.SAMPLES / f"{name}.flac", always_2d=True, dtype="float32")
    return Audio(np.ascontiguousarray(level * samples.T[:, : round(seconds * rate)]), rate)


def asked(words: str, audio: Audio) -> Render:
    outcome = bridge.plan(words, bridge.analyze(audio))
    assert outcome.plan is not None and not outcome.unsupported, outcome
    made = bridge.render_refined(audio, outcome.plan)
    assert isinstance(made, Render) and made.ok, made.checks
    return made


def halves(samples: Samples) -> tuple[Samples, Samples]:
    return 0.5 * (samples[:1] + samples[1:]), 0.5 * (samples[:1] - samples[1:])


def band_db(samples: Samples, rate: int, low: float, high: float) -> float:
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64), axis=1)) ** 2
    at = np.fft.rfftfreq(samples.shape[1], 1 / rate)
    return float(10 * np.log10(spectrum[:, (at >= low) & (at < high)].sum()))


def test_brighten_the_sides_lifts_the_treble_of_the_side_and_leaves_the_mid():
    audio = recording("loop_amen_full")
    out = asked("make the sides much brighter", audio).audio.samples
    (mid, side), (mid_out, side_out) = halves(audio.samples), halves(out)
    np.testing.assert_allclose(mid_out, mid, atol=1e-6)
    lifted = [
        band_db(x, audio.rate, 8000, 16000) - band_db(x, audio.rate, 100, 1000) for x in (side, side_out)
    ]
    assert lifted[1] - lifted[0] > 1.0


def _spread_db(samples: Samples, rate: int) -> float:
    """How far the loudest tenth of 50 ms pieces lies above the middle one."""
    size = rate // 20
    pieces = samples[0, : samples.shape[1] // size * size].reshape(-1, size).astype(np.float64)
    levels = 10 * np.log10(np.mean(pieces**2, axis=1) + 1e-12)
    return float(np.quantile(levels, 0.9) - np.median(levels))


def test_compress_only_the_mid_makes_it_denser_and_leaves_the_side():
    audio = recording("loop_amen_full")
    out = asked("compress only the mid 8:1, fast attack", audio).audio.samples
    (mid, side), (mid_out, side_out) = halves(audio.samples), halves(out)
    np.testing.assert_allclose(side_out, side, atol=1e-6)
    spread = [_spread_db(x, audio.rate) for x in (mid, mid_out)]
    assert spread[1] < spread[0] - 1.0


def test_wider_raises_the_side_and_keeps_the_mono_sum():
    audio = recording("guit_em9")
    done = asked("make it 40 % wider", audio)
    np.testing.assert_allclose(halves(done.audio.samples)[0], halves(audio.samples)[0], atol=1e-6)
    moved = done.after.number("width_high") - done.before.number("width_high")
    assert moved == pytest.approx(20 * np.log10(1.4), abs=0.2)


def test_a_dull_mono_sound_in_stereo_gets_a_side():
    one = recording("guit_em9").samples.mean(axis=0)
    audio = Audio(np.stack([one, one]), 44100)
    done = asked("make it wider", audio)
    np.testing.assert_allclose(halves(done.audio.samples)[0], halves(audio.samples)[0], atol=1e-6)
    assert 0 < done.after.number("correlation") < 0.98


def test_pan_and_balance_move_the_levels_of_the_sides():
    audio = recording("loop_amen_full")
    panned = asked("pan 40 % right", audio)
    assert panned.after.number("balance") > panned.before.number("balance") + 3
    leaning = Audio(audio.samples * np.array([[1.0], [0.6]], np.float32), audio.rate)
    mended = asked("balance the sides", leaning)
    assert abs(mended.before.number("balance")) > 3 and abs(mended.after.number("balance")) < 0.1


def test_an_exciter_adds_treble_and_no_loudness():
    audio = recording("loop_amen_full")
    low = Audio(np.stack([_dulled(row, audio.rate) for row in audio.samples]), audio.rate)
    done = asked("exciter at -12 dB", low)
    added = [band_db(x, audio.rate, 9000, 16000) for x in (low.samples, done.audio.samples)]
    assert added[1] > added[0] + 6
    assert done.after.number("integrated_loudness") == pytest.approx(
        done.before.number("integrated_loudness"), abs=0.2
    )


def _dulled(row: np.ndarray, rate: int) -> np.ndarray:
    from scipy.signal import butter, sosfilt

    return sosfilt(butter(6, 6000, fs=rate, output="sos"), row).astype(np.float32)


@pytest.mark.parametrize(
    "words", ["add chorus", "add a flanger", "make it swirl", "auto pan", "tube saturation 18 dB"]
)
def test_movement_and_colour_change_the_sound_and_hardly_its_loudness(words):
    audio = recording("guit_em9", 3.0)
    done = asked(words, audio)
    frames = audio.frames
    assert level_db(done.audio.samples[:, :frames] - audio.samples) > level_db(audio.samples) - 20
    loud = [reading.number("integrated_loudness") for reading in (done.before, done.after)]
    assert loud[1] == pytest.approx(loud[0], abs=3.0)


@pytest.mark.parametrize("words", ["put it in a real room", "convolution plate, decay 2 s", "spring reverb"])
def test_a_room_is_heard_after_the_end(words):
    audio = recording("loop_amen_full", 3.0)
    done = asked(words, audio)
    tail = done.audio.samples[:, audio.frames :]
    assert tail.shape[1] > 0.5 * audio.rate and level_db(tail[:, : audio.rate // 4]) > -60


def test_a_dotted_eighth_takes_the_tempo_of_the_recording(run: Run, tmp_path: Path):
    """The command measures the tempo because the words sit on the beat, and says so in the step."""
    audio = recording("loop_amen_full")
    soundfile.write(tmp_path / "amen.wav", audio.samples.T, audio.rate, subtype="FLOAT")
    ran = run("process", str(tmp_path / "amen.wav"), "dotted eighth delay on the left channel", "--json")
    assert ran.code == 0, ran.err
    step = ran.json["plan"]["steps"][0]
    tempo = next(item["value"] for item in step["evidence"] if item["metric"] == "tempo")
    assert step["part"] == "left" and step["effect"] == "delay"
    assert step["parameters"]["time_ms"] == pytest.approx(0.75 * 60_000 / tempo, abs=1.0)
    out, rate = soundfile.read(ran.json["output"], always_2d=True, dtype="float32")
    assert np.array_equal(out[: audio.frames, 1], audio.samples[1])
    echo = out[: audio.frames, 0] - 0.75 * audio.samples[0]
    lags = np.fft.irfft(np.fft.rfft(echo, 2**20) * np.conj(np.fft.rfft(audio.samples[0], 2**20)))
    near = round(step["parameters"]["time_ms"] / 1000 * rate)
    assert abs(int(np.argmax(lags[near - 500 : near + 500])) - 500) <= 0.001 * rate


def test_a_plan_with_an_impulse_file_holds_what_it_was(run: Run, tmp_path: Path):
    audio, impulse = recording("loop_amen_full", 2.0), recording("drum_snare_hard", 1.0)
    soundfile.write(tmp_path / "drums.wav", audio.samples.T, audio.rate, subtype="FLOAT")
    soundfile.write(tmp_path / "room.wav", impulse.samples.T, impulse.rate, subtype="FLOAT")
    plan = {
        "schema": 1,
        "steps": [
            {"effect": "convolution_reverb", "parameters": {"file": str(tmp_path / "room.wav"), "mix": 0.5}}
        ],
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    ran = run("process", str(tmp_path / "drums.wav"), "--plan", str(tmp_path / "plan.json"), "--json")
    assert ran.code == 0, ran.err + ran.out
    assert len(ran.json["plan"]["steps"][0]["parameters"]["sha256"]) == 64
    assert not any("sha256" in text for text in ran.json["warnings"])
