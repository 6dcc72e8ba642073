"""One real recording through the running daemon, dropped and over OSC, with words that touch many effects."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from scipy.signal import resample_poly

from bridge.osc.client import new_id
from bridge.osc.messages import Process
from tests import signals
from tests.analysis.corpus.recordings import recording
from tests.daemon.living import living

WORDS = "denoise, remove the clicks, de-ess, chorus effect, pan 20 % right, fade out over 2 s, -16 LUFS"
EFFECTS = {"denoise", "declick", "de_esser", "chorus", "pan", "fade", "loudness"}
SECONDS, CLICKS_S = 6.0, (1.0, 2.0, 3.0, 4.0)


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with living(tmp_path_factory.mktemp("effects")) as found:
        yield found


@pytest.fixture(scope="module")
def noisy():
    """A choir under hiss that runs on alone for a second, four clicks, and its rate."""
    wave, rate = recording("ambi_choir")
    wave = np.tile(wave, (1, 4))[:, : round((SECONDS - 1) * rate)]
    wave = np.pad(0.3 * wave / np.abs(wave).max(), ((0, 0), (rate // 2, rate - rate // 2)))
    wave = wave + 10 ** (-55 / 20) * signals.rng(7).standard_normal(wave.shape)
    for at in CLICKS_S:
        wave[:, round(at * rate) : round(at * rate) + 3] += 0.6
    return wave, rate


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(samples**2) + 1e-20))


def judged(result: dict, noisy, lufs: float = -16.0) -> None:
    """By pyloudnorm, by scipy's resampler and by plain sums: nothing here is the bridge's own measure."""
    wave, rate = noisy
    assert result["status"] == "done" and result["ok"], result["checks"]
    assert {step["effect"] for step in result["plan"]["steps"]} >= EFFECTS
    out, out_rate = soundfile.read(result["output"], always_2d=True)
    assert out_rate == rate and abs(len(out) - wave.shape[1]) <= 0.05 * rate
    meter = pyloudnorm.Meter(rate, filter_class="DeMan")
    assert meter.integrated_loudness(out) == pytest.approx(lufs, abs=0.1)
    assert np.abs(resample_poly(out, 8, 1, axis=0)).max() <= 10 ** (-1.0 / 20) * 1.006  # 0.05 dB
    raised = level_db(out[2 * rate : 4 * rate]) - level_db(wave[:, 2 * rate : 4 * rate])
    quiet = slice(rate // 10, 2 * rate // 5)
    assert level_db(out[quiet]) - level_db(wave[:, quiet]) <= raised - 10.0  # hiss, against the music
    for at in CLICKS_S:
        there = slice(round(at * rate) - 2, round(at * rate) + 5)
        before, after = (np.abs(np.diff(each)).max() for each in (wave[0, there], out[there, 0]))
        assert after <= 0.1 * before * 10 ** (raised / 20)
    assert level_db(out[rate : 4 * rate, 1]) > level_db(out[rate : 4 * rate, 0])
    assert np.abs(out[-rate // 100 :]).max() < 1e-3


@pytest.fixture(scope="module")
def dropped(daemon, noisy):
    """The result of the file that was dropped with its words beside it."""
    wave, rate = noisy
    path = daemon.inbox / "choir.wav"
    path.with_name("choir.wav.txt").write_text(WORDS, encoding="utf-8")
    soundfile.write(path, wave.T, rate, subtype="PCM_24")
    return daemon.result_of(path)


@pytest.mark.real
def test_a_dropped_file_with_many_wishes_comes_back_as_they_ask(dropped, noisy):
    judged(dropped, noisy)


@pytest.mark.real
def test_the_same_file_over_osc_is_asked_for_another_loudness_and_gets_it(daemon, dropped, noisy):
    asked = Process(new_id(), dropped["source"]["path"], WORDS.replace("-16", "-20"))
    with daemon.client() as client:
        client.request(asked)
        answer = client.wait(asked, timeout_s=60)
    result = json.loads(Path(answer.path).read_text())
    assert result["job"] != dropped["job"]
    judged(result, noisy, -20.0)
