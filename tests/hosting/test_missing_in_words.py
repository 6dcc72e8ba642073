"""A plugin that words ask for and that cannot play: the same warning and missed check from every door."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import bridge
from bridge.osc.client import new_id
from bridge.osc.messages import Process
from tests.daemon.living import living
from tests.hosting import bundles
from tests.hosting.test_journeys import drop
from tests.signals import music_like

pytestmark = pytest.mark.real

WORDS = {
    "compress with FabFilter Pro-C 2": ("FabFilter Pro-C 2", "compressor", "is not on this machine"),
    "compress with Loadcrash": ("Loadcrash", "compressor", "cannot be used (crashed when it was scanned)"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, library):
    folder = tmp_path_factory.mktemp("plugins")
    bundles.bundle(library, folder, "Loadcrash", fault="crash", when="load")
    bundles.bundle(library, folder, "Slowverb", load_busy_ms=4000)
    return folder


@pytest.fixture(scope="module")
def daemon(tmp_path_factory, folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VST3_PATH", str(folder))
        with living(tmp_path_factory.mktemp("missing")) as daemon:
            yield daemon


def promised(result, words: str) -> None:
    plugin, by, why = WORDS[words]
    assert (result["status"], result["ok"]) == ("done", False)
    (check,) = [check for check in result["checks"] if check["name"] == "plugin"]
    assert (check["asked"], check["got"], check["ok"]) == (plugin, by, False)
    assert why in check["reason"]
    assert [item["by"] for item in result["replaced"]] == [by]
    assert any(f"{plugin} {why}" in warning for warning in result["warnings"])
    assert result["unsupported"] == [] and result["output"]


@pytest.mark.parametrize("words", WORDS)
def test_in_the_hot_folder(daemon, words):
    promised(daemon.result_of(drop(daemon, f"{len(words)}.wav", music_like(2), words)), words)


def test_over_osc(daemon):
    words = "compress with FabFilter Pro-C 2"
    path = daemon.inbox / ".osc" / "asked.wav"
    path.parent.mkdir(exist_ok=True)
    bridge.write(path, music_like(2.1))
    with daemon.client() as client:
        assert client.request(Process(new_id(), str(path), words)).verdict == "accepted"
    promised(daemon.result_of(path), words)


def run(tmp_path, folder, *arguments: str) -> tuple[int, dict]:
    if not (tmp_path / "in.wav").exists():
        bridge.write(tmp_path / "in.wav", music_like(2))
    command = [sys.executable, "-m", "bridge.cli", *arguments, "--state", str(tmp_path / "state"), "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, env=environment(folder))
    assert b"Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def environment(folder) -> dict[str, str]:
    import os

    return os.environ | {"VST3_PATH": str(folder)}


@pytest.mark.parametrize("words", WORDS)
def test_on_the_command_line_with_exit_code_1(tmp_path, folder, words):
    code, result = run(tmp_path, folder, "process", "in.wav", words)
    assert code == 1
    promised(result, words)


def test_a_request_that_refuses_to_go_on_without_it_gets_nothing(tmp_path, folder):
    code, result = run(
        tmp_path, folder, "process", "in.wav", "compress with FabFilter Pro-C 2", "--missing-plugin", "refuse"
    )
    assert (code, result["status"], result["output"]) == (1, "failed", None)
    assert "FabFilter Pro-C 2 is not on this machine" in result["reason"]


def test_a_plan_that_lacks_a_plugin_says_so_whenever_it_is_rendered(tmp_path, folder):
    words = "compress with FabFilter Pro-C 2"
    code, made = run(tmp_path, folder, "plan", "in.wav", words)
    assert (code, made["warnings"] != []) == (0, True)
    (tmp_path / "plan.json").write_text(json.dumps(made["plan"]))
    code, result = run(tmp_path, folder, "process", "in.wav", "--plan", "plan.json")
    assert code == 1
    assert [item["plugin"] for item in result["replaced"]] == ["FabFilter Pro-C 2"]


def test_what_a_wish_waits_for_is_told_with_its_bound_and_then_left_out(
    tmp_path, folder, monkeypatch, capsys
):
    """It loads for 4 s; the quick look is given 1."""
    from bridge.cli import named_plugins
    from bridge.config import load
    from bridge.hosting import scan
    from bridge.hosting.patience import Patience

    monkeypatch.setenv("VST3_PATH", str(folder))
    monkeypatch.setattr(scan, "BRISK", Patience(busy_s=1.0))
    monkeypatch.setattr(named_plugins, "_LINE_S", 1)
    settings = load({"state": str(tmp_path / "state")}).settings
    named_plugins.try_named("add reverb with Slowverb", settings, wait=False, quiet=False)
    told = capsys.readouterr().err
    assert "Slowverb: not used before, so it is tried first; that takes up to 1 s" in told
    assert "Slowverb: loading for 1 s, of 1 s at most" in told
    assert "Slowverb: still loading after 1 s, so the plan goes on without it" in told
    named_plugins.try_named("add reverb with Slowverb", settings, wait=False, quiet=False)
    assert capsys.readouterr().err == ""  # it is known to be slow, and waited for no more
    named_plugins.try_named("add reverb with Slowverb", settings, wait=True, quiet=True)
    from bridge.bootstrap.ports import catalogue

    (record,) = [item for item in catalogue(settings).records() if item.name == "Slowverb"]
    assert record.usable
