"""A plugin that prints without end fills no disk, is not made slow by it, and the result says so."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest

import bridge
from bridge.hosting import Catalogue, PluginHost
from bridge.planning.plan import Plan
from bridge.rendering.render import render
from tests.hosting.known import maker
from tests.signals import white

pytestmark = pytest.mark.real

LINES = 2000
"""In each block: 100 kB. In the blocks of a second, and of the silence after it, that is some 10 MB."""


def told_mb(warnings) -> float:
    (said,) = [text for text in warnings if "floods its log" in text]
    assert "Loud" in said
    return float(re.search(r"\((\d+) MB dropped\)", said).group(1))


def test_a_flood_out_of_a_process_of_its_own_is_a_warning_of_the_render(catalogue, known, tmp_path):
    known("Loud", fault="flood", lines=LINES, after=4800)
    sound, log = white(-20, 1.0), tmp_path / "log"
    step = {"id": "s1", "effect": "hosted_plugin", "parameters": {"plugin": {"name": "Loud"}}}
    with PluginHost(catalogue, isolation="always", log_path=log) as host:
        done = render(sound, Plan(steps=(step,)), plugins=host)
    np.testing.assert_array_equal(done.audio.samples, sound.samples)
    assert 6 <= told_mb(done.warnings) <= 16
    assert log.stat().st_size < 1.1 * 2**20


def test_a_plugin_that_prints_little_floods_nothing(catalogue, known):
    known("Loud", fault="flood", lines=1, after=4800)
    step = {"id": "s1", "effect": "hosted_plugin", "parameters": {"plugin": {"name": "Loud"}}}
    with PluginHost(catalogue, isolation="always") as host:
        assert render(white(-20, 1.0), Plan(steps=(step,)), plugins=host).warnings == ()


def test_a_flood_in_the_render_worker_is_a_warning_of_the_job(healthy, faulty, plugins, tmp_path):
    catalogue = Catalogue(tmp_path / "home" / "plugins")
    maker(healthy, catalogue, faulty)("Loud", fault="flood", lines=LINES, after=4800)
    bridge.write(tmp_path / "in.wav", white(-20, 1.0))
    step = {"id": "s1", "effect": "hosted_plugin", "parameters": {"plugin": {"name": "Loud"}}}
    (tmp_path / "plan.json").write_text(json.dumps({"steps": [step]}))
    command = [sys.executable, "-m", "bridge.cli", "process", "in.wav", "--plan", "plan.json", "--json"]
    environment = {**os.environ, "BRIDGE_STATE": str(tmp_path / "home")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=120, text=True)
    result = json.loads(done.stdout)
    assert result["status"] == "done", done.stderr
    assert 6 <= told_mb(result["warnings"]) <= 16
