"""The worst plugins through the real daemon: each costs its own job, by name, and the daemon goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import bridge
from bridge.hosting import Catalogue
from bridge.osc.client import new_id
from bridge.osc.messages import Process
from tests.daemon.living import living
from tests.hosting import bundles
from tests.hosting.known import maker
from tests.hosting.test_faults import SOON
from tests.hosting.test_journeys import drop
from tests.signals import white

pytestmark = pytest.mark.real

SHORT = white(-20, 1.0)
"""Most of these faults strike in the middle of it, one in its last block."""

VILLAINS = {
    "Loadcrash": ({"fault": "crash", "when": "load"}, "Loadcrash crashed while loading"),
    "Leaver": ({"fault": "exit", "after": SOON}, "Leaver crashed while processing"),
    "Lastcrash": ({"fault": "crash", "after": 47_700}, "Lastcrash crashed while processing"),
    "Spinner": (
        {"fault": "spin", "after": SOON},
        "Spinner hung while processing: its process made no progress for 3 s",
    ),
    "Glutton": ({"fault": "alloc", "after": SOON}, "Glutton took too much memory while processing"),
    "Poison": (
        {"fault": "nan", "after": SOON, "channel": 1},
        "Poison gave NaN or infinity in channel 2 at 0.2",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, library):
    folder = tmp_path_factory.mktemp("plugins")
    for name, (behaviour, _) in VILLAINS.items():
        bundles.bundle(library, folder, name, **behaviour)
    bundles.bundle(library, folder, "Good")
    bundles.bundle(library, folder, "Loud", fault="flood", when="create")
    (folder / "Text.vst3").write_text("no plugin")
    os.mkfifo(folder / "Pipe.vst3")
    return folder


@pytest.fixture(scope="module")
def daemon(tmp_path_factory, folder, healthy):
    """All but the one that crashes at load count as scanned."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VST3_PATH", str(folder))
        with living(
            tmp_path_factory.mktemp("bad"), workers=2, worker_memory_mb=700, plugin_hang_s=3
        ) as daemon:
            known = maker(
                healthy,
                Catalogue(daemon.state / "plugins"),
                lambda name, **behaviour: folder / f"{name}.vst3",
            )
            for name in ("Good", *VILLAINS):
                if name != "Loadcrash":
                    known(name)
            yield daemon


def test_every_villain_in_the_hot_folder_costs_its_own_job_by_name_and_nothing_else(daemon):
    stems = {name: drop(daemon, f"{name}.wav", SHORT, f"use {name}") for name in VILLAINS}
    good = drop(daemon, "good.wav", white(-20, 1), "use Good")
    loud = drop(daemon, "loud.wav", white(-20, 1), "use Loud")
    for name, (_, sentence) in VILLAINS.items():
        result = daemon.result_of(stems[name], 120)
        assert (result["status"], result["output"]) in (("failed", None), ("refused", None)), result
        assert sentence in result["reason"] or (name == "Loadcrash" and name in result["reason"]), result[
            "reason"
        ]
    assert daemon.result_of(good)["status"] == "done"
    assert daemon.result_of(loud)["status"] == "done"
    assert daemon.alive()


def test_over_osc_a_villain_is_named_in_the_result_and_the_next_request_is_served(daemon):
    folder = daemon.inbox / ".osc"
    folder.mkdir()
    bridge.write(folder / "bad.wav", white(-20, 1.0, seed=2))
    bridge.write(folder / "good.wav", white(-20, 1, seed=3))
    with daemon.client() as client:
        for name, plugin in (("bad", "Poison"), ("good", "Good")):
            answer = client.request(Process(new_id(), str(folder / f"{name}.wav"), f"use {plugin}"))
            assert answer.verdict == "accepted"
    bad, good = (daemon.result_of(folder / f"{name}.wav", 120) for name in ("bad", "good"))
    assert bad["status"] == "failed" and "Poison gave NaN or infinity in channel 2" in bad["reason"]
    assert good["status"] == "done"


@pytest.mark.parametrize(
    ("plugin", "parameters", "said"),
    [
        ({"name": "Evil", "file": "/etc/passwd"}, {}, "no path of a plugin bundle"),
        ({"name": "Pipe"}, {}, "Pipe.vst3 is no file"),
        ({"name": "Good"}, {"__class__": 1.0}, "no parameter '__class__'"),
    ],
)
def test_the_command_line_names_what_it_cannot_host(folder, tmp_path, monkeypatch, plugin, parameters, said):
    monkeypatch.setenv("VST3_PATH", str(folder))
    monkeypatch.setenv("BRIDGE_STATE", str(tmp_path / "state"))
    bridge.write(tmp_path / "in.wav", white(-20, 1))
    step = {"id": "s1", "effect": "hosted_plugin", "parameters": {"plugin": plugin, "parameters": parameters}}
    (tmp_path / "plan.json").write_text(json.dumps({"steps": [step]}))
    command = [sys.executable, "-m", "bridge.cli", "process", "in.wav", "--plan", "plan.json", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, text=True)
    assert done.returncode != 0
    assert said in json.loads(done.stdout)["reason"], done.stdout + done.stderr
    assert "Traceback" not in done.stderr
