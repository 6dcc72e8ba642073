"""Every effect and every auto tool on a real recording: dropped, over OSC and on the command line, with one result."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from bridge.effects import EFFECTS
from bridge.osc.client import new_id
from bridge.osc.messages import Process
from tests import signals
from tests.analysis.corpus.recordings import recording
from tests.daemon.living import Daemon, living

pytestmark = pytest.mark.real

BY_NAME = {effect.name: effect.example for effect in EFFECTS if effect.name != "hosted_plugin"}
"""Hosted plugins have journeys of their own; which of them there are is no matter of the bridge."""
BY_ITSELF = {
    "AutoGain": "autogain",
    "AutoEQ": "auto eq for rock",
    "AutoCompressor": "auto compressor",
    "AutoLimiter": "auto limiter",
    "AutoReverb": "auto reverb",
    "AutoDelay": "auto delay",
    "AutoNoiseReduction": "auto noise reduction",
    "AutoEnhancer": "auto enhancer",
    "AutoStereoWidener": "auto stereo widener",
    "AutoPitchCorrector": "auto pitch corrector",
    "AutoTimeStretcher": "auto time stretcher",
}
WORDS = {**BY_NAME, **BY_ITSELF}
SAMPLE = ("equalizer", "compressor", "reverb", "time_stretch", "AutoGain", "AutoLimiter")
"""Of one kind each; all the others are slow tests."""
ON_THE_LINE = ("AutoLimiter",)
"""Of the sample, what starts a command too."""


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with living(tmp_path_factory.mktemp("every")) as found:
        yield found


@pytest.fixture(scope="module")
def loop(tmp_path_factory) -> Path:
    """Two seconds of drums beside a tambourine, with something for every tool: silence, hum and hiss alone, clicks, a
    clipped hit, and a side that leans."""
    drums, rate = recording("loop_amen_full")
    other, _ = recording("loop_tabla")
    wave = np.stack([drums[0, : 2 * rate], 0.6 * drums[0, : 2 * rate] + 0.5 * other[0, : 2 * rate]])
    wave = np.clip(1.6 * wave / np.abs(wave).max(), -1, 1) * 0.63
    wave = np.pad(wave, ((0, 0), (rate // 2, rate // 2)))
    time = np.arange(wave.shape[1]) / rate
    wave += sum(0.02 / n * np.sin(2 * np.pi * 50 * n * time) for n in (1, 2, 3))
    wave += 0.002 * signals.rng(3).standard_normal(wave.shape)
    wave[:, [rate, rate + 9000, rate + 21000]] += 0.3
    wave[:, : rate // 5] = wave[:, -rate // 5 :] = 0.0
    path = tmp_path_factory.mktemp("loop") / "loop.wav"
    soundfile.write(path, wave.T, rate, subtype="PCM_24")
    return path


def placed(loop: Path, folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(folder / f"{name}.wav")


def dropped(daemon: Daemon, loop: Path, name: str) -> dict[str, Any]:
    path = placed(loop, daemon.inbox, name)
    path.with_name(path.name + ".txt").write_text(WORDS[name])
    path.write_bytes(loop.read_bytes())
    return daemon.result_of(path)


def sent(daemon: Daemon, loop: Path, name: str) -> dict[str, Any]:
    path = placed(loop, daemon.outbox / "bounced", name)  # an allowed folder that nobody watches
    path.write_bytes(loop.read_bytes())
    asked = Process(new_id(), str(path), WORDS[name])
    with daemon.client() as client:
        client.request(asked)
        answer = client.wait(asked, timeout_s=60)
    return json.loads(Path(answer.path).read_text())


def commanded(daemon: Daemon, loop: Path, name: str) -> dict[str, Any]:
    path = placed(loop, daemon.home / "desk", name)
    path.write_bytes(loop.read_bytes())
    command = [sys.executable, "-m", "bridge.cli", "process", str(path), WORDS[name], "--json"]
    done = subprocess.run(command, env=daemon.environment, capture_output=True, timeout=120, check=False)
    return json.loads(done.stdout)


def sound_of(result: dict[str, Any]) -> np.ndarray | None:
    return soundfile.read(result["output"], always_2d=True)[0] if result["output"] else None


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """One plan with its reasons, one answer, one sound to the last bit, the same figures after it."""
    for field in ("status", "outcome", "answer", "plan", "after", "checks", "ok"):
        assert one[field] == other[field], field
    assert np.array_equal(sound_of(one), sound_of(other)) if one["output"] else other["output"] is None


def shares(name: str) -> list[pytest.MarkDecorator]:
    return [] if name in SAMPLE else [pytest.mark.slow]


@pytest.mark.parametrize("name", [pytest.param(name, marks=shares(name)) for name in WORDS])
def test_a_wish_comes_to_the_same_from_every_side(daemon, loop, name):
    results = [dropped(daemon, loop, name), sent(daemon, loop, name)]
    if name in ON_THE_LINE or name not in SAMPLE:
        results.append(commanded(daemon, loop, name))
    first = results[0]
    assert first["status"] == "done", first["reason"]
    missed = [check for check in first["checks"] if not check["ok"]]
    assert all(check["reason"] for check in missed), missed
    if name in BY_NAME:
        assert name in {step["effect"] for step in first["plan"]["steps"]}
    if first["output"] and not missed:
        before, after = soundfile.read(loop, always_2d=True)[0], sound_of(first)
        assert before.shape != after.shape or not np.allclose(before, after, atol=1e-4)
    elif not first["output"]:
        assert first["outcome"] == "no_op" and "measured" in first["answer"]
    for other in results[1:]:
        same(first, other)
