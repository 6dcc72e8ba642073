"""Hosted plugins in plans, from the hot folder, over OSC and from the command line, against the real daemon."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import soundfile

import bridge
from bridge.osc.client import new_id
from bridge.osc.messages import Process
from tests.daemon.living import living
from tests.hosting import bundles
from tests.hosting.soak import soak
from tests.hosting.test_faults import LATE
from tests.signals import music_like, white

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def folder(tmp_path_factory, library):
    """Plugins of Debian's, and one of ours that crashes after twelve and a half seconds."""
    folder = tmp_path_factory.mktemp("plugins")
    for name in ("ZamCompX2", "ZaMaximX2", "ZamEQ2"):
        shutil.copytree(bundles.zam(name), folder / f"{name}.vst3")
    bundles.bundle(library, folder, "Latecrash", fault="crash", after=LATE)
    return folder


@pytest.fixture(scope="module")
def daemon(tmp_path_factory, folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VST3_PATH", str(folder))
        with living(tmp_path_factory.mktemp("hosting")) as daemon:
            yield daemon


def drop(daemon, name, audio, words):
    path = daemon.inbox / name
    (daemon.inbox / f"{name}.txt").write_text(words)
    bridge.write(path, audio)
    return path


def plugins_of(result) -> list[str]:
    steps = result["plan"]["steps"]
    return [step["parameters"]["plugin"]["name"] for step in steps if step["effect"] == "hosted_plugin"]


def test_a_stem_in_the_hot_folder_goes_through_a_real_plugin(daemon):
    stem = drop(daemon, "stem.wav", music_like(3), "use ZaMaximX2")
    result = daemon.result_of(stem)
    assert (result["status"], result["ok"], plugins_of(result)) == ("done", True, ["ZaMaximX2"])
    sound, rate = soundfile.read(result["output"])
    assert (len(sound), rate) == (3 * 48000, 48000)


def test_a_request_over_osc_goes_through_a_mono_plugin_on_both_channels(daemon, tmp_path):
    """ZamEQ2 is mono and, as it is, changes nothing: what comes back is the sound itself, in both channels."""
    noise = white(-20, 2)
    path = daemon.inbox / ".osc" / "noise.wav"
    path.parent.mkdir()
    bridge.write(path, noise)
    with daemon.client() as client:
        answer = client.request(Process(new_id(), str(path), "use ZamEQ2"))
        assert answer.verdict == "accepted"
    result = daemon.result_of(path)
    assert (result["status"], plugins_of(result)) == ("done", ["ZamEQ2"])
    sound, _ = soundfile.read(result["output"], always_2d=True)
    np.testing.assert_allclose(sound.T, noise.samples, atol=2**-22)


def test_a_plugin_that_crashes_in_the_middle_costs_its_job_and_not_the_daemon(daemon):
    stem = drop(daemon, "late.wav", white(-20, 13), "use Latecrash")
    result = daemon.result_of(stem)
    assert result["status"] == "failed"
    assert result["output"] is None
    assert "Latecrash crashed while processing" in result["reason"]
    assert daemon.alive()
    after = drop(daemon, "after.wav", music_like(1), "use ZamCompX2")
    assert daemon.result_of(after)["status"] == "done"


def test_the_command_line_renders_through_a_real_plugin(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("VST3_PATH", str(folder))
    monkeypatch.setenv("BRIDGE_STATE", str(tmp_path / "state"))
    bridge.write(tmp_path / "in.wav", music_like(2))
    command = [
        sys.executable,
        "-m",
        "bridge.cli",
        "process",
        "in.wav",
        "use ZamCompX2",
        "-o",
        "out.wav",
        "--json",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert plugins_of(json.loads(done.stdout)) == ["ZamCompX2"]
    assert soundfile.info(tmp_path / "out.wav").frames == 2 * 48000


def test_the_command_line_scans_lists_and_shows(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("VST3_PATH", str(folder))
    monkeypatch.setenv("BRIDGE_STATE", str(tmp_path / "state"))

    def run(*words: str) -> list[dict]:
        command = [sys.executable, "-m", "bridge.cli", "plugins", *words, "--json"]
        done = subprocess.run(command, capture_output=True, timeout=120, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    *records, summary = run("scan")
    assert {record["name"]: record["status"] for record in records} == dict.fromkeys(
        ("ZamCompX2", "ZaMaximX2", "ZamEQ2", "Latecrash"), "ok"
    )
    assert summary["summary"]["bundles"] == 4
    shown = run("show", "ZaMaximX2")[0]["plugin"]
    assert shown["latency_frames"] == 480
    assert shown["channels"] == [2]


@pytest.mark.slow
def test_a_hundred_jobs_with_a_fickle_plugin_are_accounted_for_and_the_quarantine_refuses_the_rest_by_name(
    tmp_path, library, monkeypatch
):
    """It crashes in a fifth of its lives: the second crash ends its career, and every job after that says so."""
    monkeypatch.setenv("VST3_PATH", str(tmp_path))
    account = soak(tmp_path, library, 100, forgiving=False)
    assert (account.jobs, account.lost, account.unexplained, account.broken) == (100, 0, 0, 0)
    assert account.alive
    assert account.strikes >= 2
    assert account.quarantined > 0
    assert account.deaths + account.crashed == account.strikes


@pytest.mark.slow
def test_a_hundred_jobs_with_a_plugin_that_is_forgiven_each_crash_are_all_accounted_for(
    tmp_path, library, monkeypatch
):
    """Each worker's death and each crash of an isolated plugin is one strike; no job is lost by any of them."""
    monkeypatch.setenv("VST3_PATH", str(tmp_path))
    account = soak(tmp_path, library, 100, forgiving=True)
    assert (account.jobs, account.lost, account.unexplained, account.broken) == (100, 0, 0, 0)
    assert account.alive
    assert account.quarantined == 0
    assert 10 <= account.strikes <= 60
    assert account.deaths + account.crashed == account.strikes
    assert account.done >= 60
