"""An impulse response of the user's own: named in words or beside them, found and held, or refused by name."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import fftconvolve

from bridge.errors import BadInput, BridgeError, PathRefused
from bridge.hotfolder.wish import options_from_json
from bridge.jobs.run import run_job
from bridge.jobs.spec import JobSpec, Planned, Rendered
from bridge.planning.own_impulse import named_impulse
from bridge.presets import load_lexicon
from tests import signals

RATE = 48000
SEED = 20261122


@pytest.fixture
def voice(home) -> Path:
    path = home / "inbox" / "voice.wav"
    audio = signals.music_like(2.0, level_dbfs_peak=-20.0)
    soundfile.write(path, audio.samples.T, audio.rate, subtype="FLOAT")
    return path


def response(seconds: float = 0.4, channels: int = 1, rate: int = RATE) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(SEED).standard_normal((len(time), channels))
    return noise * 10 ** (-3 * time / (0.8 * seconds))[:, None]


@pytest.fixture
def church(home) -> Path:
    path = home / "outbox" / "church.wav"  # an allowed folder in which no file is a job
    soundfile.write(path, 0.1 * response(), RATE, subtype="FLOAT")
    return path


def planned(voice: Path, words: str, wired, **more) -> Planned:
    spec = JobSpec(job="j", attempt=1, phase="plan", path=str(voice), request=words, **more)
    answer = run_job(spec, wired)
    assert isinstance(answer, Planned)
    return Planned.model_validate(json.loads(json.dumps(answer.to_json())))


def rendered(home: Path, made: Planned, wired) -> Rendered:
    spec = JobSpec(
        job="j", attempt=1, phase="render", path=made.source.path, plan=made.outcome.plan, source=made.source,
        before=made.before, name=made.name, output=str(home / "outbox" / ".bridge-out.tmp"),
    )  # fmt: skip
    answer = run_job(spec, wired)
    assert isinstance(answer, Rendered)
    return answer


def room_of(made: Planned) -> dict:
    assert made.outcome.plan is not None, made.outcome
    (step,) = [step for step in made.outcome.plan.steps if step.effect == "convolution_reverb"]
    return step.parameters


@pytest.mark.parametrize(
    ("words", "file"),
    [
        ("use the impulse response church.wav", "church.wav"),
        ("convolve with church.wav, 30 % wet", "church.wav"),
        ('convolve it with "my big church.wav" and -16 LUFS', "my big church.wav"),
        ("warmer, then church.wav as the impulse response", "church.wav"),
        ("use the impulse response ../rooms/plate.aiff at 40 %", "../rooms/plate.aiff"),
        ("match ref.wav and add a hall", None),
        ("add a convolution reverb and match ref.wav", None),
        ("use the impulse response", None),
    ],
)
def test_only_a_file_that_convolution_is_asked_with_is_a_response(words, file):
    found = named_impulse(words, load_lexicon("en"))
    assert (found and found[0]) == file
    assert found is None or file not in found[1]


def test_words_that_name_a_response_convolve_with_it_as_it_is(home, voice, church, wired):
    made = planned(voice, "convolve with church.wav, 100 % wet", wired)
    room = room_of(made)
    assert room["file"] == str(church) and len(room["sha256"]) == 64
    assert made.outcome.plan.request == "convolve with church.wav, 100 % wet"
    out, _ = soundfile.read(rendered(home, made, wired).output, always_2d=True)
    dry, _ = soundfile.read(voice, always_2d=True)
    heard, _ = soundfile.read(church)
    expected = np.stack([fftconvolve(side, heard / np.sqrt(np.sum(heard**2))) for side in dry.T], axis=1)
    size = min(len(out), len(expected))
    error = np.sqrt(np.mean((out[:size] - expected[:size]) ** 2) / np.mean(expected[:size] ** 2))
    assert 20 * np.log10(error) < -80


@pytest.mark.parametrize("words", ["warmer", "add some reverb, 35 % mix", "use convolution reverb", ""])
def test_a_response_beside_the_words_is_used_whatever_they_ask_for(voice, church, wired, words):
    room = room_of(planned(voice, words, wired, impulse=str(church)))
    assert room["file"] == str(church)
    assert room.get("mix") == (0.35 if "35" in words else room.get("mix"))


def test_a_response_in_a_folder_that_is_not_allowed_is_refused_by_name(voice, wired, tmp_path):
    for words in ("use the impulse response /etc/church.wav", "convolve with ../../church.wav"):
        with pytest.raises(PathRefused, match=r"impulse response.*church\.wav.*outside"):
            planned(voice, words, wired)


def test_a_response_that_is_nowhere_is_named_with_what_to_do(voice, wired):
    with pytest.raises(BadInput, match=r"no impulse response 'hall\.wav'.*allowed folder"):
        planned(voice, "use the impulse response hall.wav", wired)


def test_a_request_may_name_a_response_in_an_allowed_folder_only(home, church, wired):
    options = options_from_json('{"impulse": "../outbox/church.wav"}', "options")
    assert options.admitted(wired.roots, home / "inbox") == {"impulse": str(church)}
    with pytest.raises(PathRefused, match=r"impulse response .*passwd"):
        options_from_json('{"impulse": "/etc/passwd"}', "options").admitted(wired.roots, home / "inbox")


WRONG = {
    "silent": (np.zeros((4800, 1)), RATE, "silent"),
    "empty": (np.zeros((0, 1)), RATE, r"silent|no sound|empty"),
    "nan": (np.full((100, 1), np.nan), RATE, "no finite number"),
    "surround": (response(0.1, 6), RATE, "1, 2 or 4 channels, not 6"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_no_response_is_refused_by_its_name(home, voice, wired, name):
    samples, rate, why = WRONG[name]
    path = home / "outbox" / f"{name}.wav"
    soundfile.write(path, samples, rate, subtype="FLOAT")
    with pytest.raises(BridgeError, match=rf"impulse response|{name}\.wav") as refused:
        planned(voice, f"use the impulse response {name}.wav", wired)
    assert f"{name}.wav" in refused.value.message
    assert re.search(why, refused.value.message), refused.value.message


def test_text_under_a_sounds_name_is_refused_as_the_response(home, voice, wired):
    (home / "outbox" / "text.wav").write_text("no sound at all")
    with pytest.raises(BridgeError, match=r"impulse response.*text\.wav"):
        planned(voice, "use the impulse response text.wav", wired)


@pytest.mark.parametrize(
    ("seconds", "channels", "rate"), [(0.3, 1, 44100), (0.3, 2, 96000), (0.3, 4, 48000), (600.0, 1, 8000)]
)
def test_responses_of_other_rates_channels_and_lengths_give_a_result(
    home, voice, wired, seconds, channels, rate
):
    soundfile.write(home / "outbox" / "room.wav", response(seconds, channels, rate), rate, subtype="FLOAT")
    made = planned(voice, "use the impulse response room.wav at 30 %", wired)
    done = rendered(home, made, wired)
    assert all(check.ok for check in done.checks), done.checks
    assert any("20 s" in warning for warning in done.warnings) == (seconds > 20)


def test_a_response_that_has_changed_since_it_was_planned_is_refused(home, voice, church, wired):
    made = planned(voice, "use the impulse response church.wav", wired)
    soundfile.write(church, 0.1 * response(0.2), RATE, subtype="FLOAT")
    with pytest.raises(BadInput, match=r"church\.wav"):
        rendered(home, made, wired)
