"""Repairs asked for in words, on real recordings with planted faults; hum and silence through the command itself."""

import numpy as np
import pytest
import soundfile

import bridge
from bridge.analysis import SLOW_METRICS, analyze
from bridge.audio import Audio
from tests import signals
from tests.cli.conftest import Run
from tests.effects.judges import si_sdr_db
from tests.effects.test_declick import at_peak, gains_db, planted
from tests.effects.test_declip import clipped, full, sdr_db
from tests.effects.test_dehum import HARMONICS, spoilt, strength
from tests.effects.test_denoise import loop, noisy, speech, white


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


pytestmark = pytest.mark.real


def mended(audio: Audio, words: str) -> np.ndarray:
    outcome = bridge.plan(words, analyze(audio, SLOW_METRICS))
    assert outcome.plan is not None and not outcome.unsupported, outcome
    return bridge.render(audio, outcome.plan).audio.samples


@pytest.fixture
def processed(run, tmp_path):
    def process(audio: Audio, words: str) -> np.ndarray:
        soundfile.write(tmp_path / "in.wav", audio.samples.T, audio.rate, subtype="FLOAT")
        run("process", str(tmp_path / "in.wav"), words, "--output", str(tmp_path / "out.wav"))
        return soundfile.read(tmp_path / "out.wav", dtype="float32", always_2d=True)[0].T

    return process


@pytest.mark.parametrize("words", ["remove the noise", "less hiss", "take out the air conditioner"])
def test_noise_under_speech_goes_by_8_db(words):
    clean = speech(5.0)
    dirty = noisy(clean, 15.0, white(clean))
    gain = si_sdr_db(clean.samples, mended(dirty, words)) - si_sdr_db(clean.samples, dirty.samples)
    assert gain >= 8.0


def test_noise_that_is_pointed_at_goes_from_a_drum_loop():
    loud = loop("loop_tabla", 4.0)
    clean = Audio(np.pad(loud.samples, ((0, 0), (loud.rate, 0))), loud.rate)
    dirty = noisy(clean, 10.0, white(clean))
    out = mended(dirty, "remove the noise, use the first second as the noise profile")
    assert si_sdr_db(clean.samples, out) >= si_sdr_db(clean.samples, dirty.samples) + 5.0


def test_the_hum_goes_by_20_db(processed):
    clean = speech(10.0)
    dirty, wave, phase = spoilt(clean, 50.0, 0.05)
    rest = (processed(dirty, "remove the 50 Hz hum") - clean.samples)[0]
    for order in range(1, HARMONICS + 1):
        assert strength(rest, phase, order) <= 0.1 * strength(wave, phase, order)


def test_the_clicks_go():
    clean = at_peak(loop("ambi_piano", 4.0), 0.5)
    dirty, spans = planted(clean, 12, 5)
    gains = gains_db(clean, dirty, mended(dirty, "remove the clicks"), spans)
    assert np.mean(gains >= 20.0) >= 0.95


def test_the_tops_come_back_under_full_scale():
    clean = full(loop("ambi_choir", 3.0))
    dirty = clipped(clean, 3.0)
    out = mended(dirty, "fix the clipping")
    level = float(np.vdot(clean.samples, out) / np.vdot(out, out))  # it went down as a whole, for room
    assert level == pytest.approx(10 ** (3.3 / 20), rel=0.05) and np.abs(out).max() <= 1.0
    assert sdr_db(clean.samples, level * out) >= sdr_db(clean.samples, dirty.samples) + 8.0


def test_where_there_is_no_noise_nothing_is_done_and_the_numbers_say_why(run, tmp_path):
    tone = signals.sine(440, -12, 3.0)
    samples = tone.samples * (np.arange(tone.frames) % 48000 < 30000)
    faint = signals.white(-95, 3.0).samples
    soundfile.write(tmp_path / "in.wav", (samples + faint).T, 48000, subtype="FLOAT")
    said = run(
        "process",
        str(tmp_path / "in.wav"),
        "remove the noise",
        "--output",
        str(tmp_path / "out.wav"),
    )
    assert "no noise to take out" in said.out + said.err
