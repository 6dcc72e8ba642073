"""A plugin that comes to no end is told from one that is only slow, wherever it plays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest

import bridge
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import PluginFailed, WorkerDied
from bridge.hosting import Catalogue, PluginHost
from bridge.hosting import impulse as impulse_module
from bridge.hosting.deaths import Deaths
from bridge.hosting.impulse import play as play_trial
from bridge.hosting.pace import BLOCK, LONGEST, Pace, most_cost_s
from bridge.hosting.patience import PATIENCE, Patience
from bridge.hosting.scan import quick, with_deep
from bridge.processes import Child
from tests.hosting.known import maker
from tests.hosting.playing import hosted, play, plugin
from tests.signals import white

pytestmark = pytest.mark.real

SOON = 9600
"""Frames after which the plugins here go wrong."""


@pytest.mark.parametrize("fault", ["hang", "spin"])
def test_alone_a_plugin_without_a_frame_is_ended_at_its_deadline_whatever_it_burns(catalogue, known, fault):
    bundle = known("Late", fault=fault, after=SOON)
    with PluginHost(catalogue, isolation="always", patience=Patience(frame_s=1.5)) as host:
        processor = host.processor(hosted("Late"), 48000, 2)
        began = time.monotonic()
        with pytest.raises(PluginFailed, match=r"Late hung .* made no progress for 1\.5 s") as failed:
            play(processor, white(-20, 1.0))
        assert 1.5 < time.monotonic() - began < PATIENCE.frame_s  # its own deadline, not anybody else's
    assert failed.value.fault == "hung"
    assert [strike.fault for strike in catalogue.strikes.of(bundle)] == ["hung"]


@pytest.mark.parametrize("fault", ["hang", "spin"])
def test_in_a_render_worker_it_is_ended_at_its_deadline_too(catalogue, known, tmp_path, fault):
    bundle = known("Late", fault=fault, after=SOON)
    worker, deaths = Child("tests.hosting.rendering_worker", log_path=tmp_path / "log"), Deaths(catalogue)
    request = {"state": str(tmp_path / "state"), "plugin": "Late", "seconds": 1.0}
    worker.call(
        {**request, "seconds": 0.1, "accounted": True}
    )  # what is loaded first takes no part in the time
    began = time.monotonic()
    with pytest.raises(WorkerDied) as died:
        worker.call(
            {**request, "frame_s": 1.5, "accounted": True},
            watch=lambda: deaths.overdue(worker.pid),
        )
    assert 1.5 < time.monotonic() - began < PATIENCE.frame_s
    worker.close()
    assert (
        deaths.died(worker.pid, died.value)
        == "Plugin Late hung in a render worker: its process made no progress for 1.5 s and was killed."
    )
    assert [strike.fault for strike in catalogue.strikes.of(bundle)] == ["hung"]


@pytest.mark.parametrize("isolation", ["auto", "always"])
def test_a_plugin_that_is_alive_and_nearly_100_times_too_slow_is_ended_named_and_has_a_strike(
    catalogue, known, isolation
):
    """A second of the processor for each block of 10.7 ms."""
    bundle = known("Crawler", fault="crawl", crawl_ms=1000, after=SOON)
    with PluginHost(catalogue, isolation=isolation, patience=Patience(grace_s=0.5)) as host:
        moved = {"gain_db": ((0.0, 0.0), (5.0, 1.0))}  # every block is a call of its own
        step = HostedPlugin(plugin={"name": "Crawler"}, automation=moved)
        processor = host.processor(step, 48000, 2)
        with pytest.raises(PluginFailed, match=r"is too slow: it took \d s for 0\.0\d s of sound") as failed:
            play(processor, white(-20, 5.0))
    assert (failed.value.fault, failed.value.plugin) == ("too_slow", "Crawler")
    assert [strike.fault for strike in catalogue.strikes.of(bundle)] == ["too_slow"]


@pytest.mark.parametrize("isolation", ["auto", "always"])
def test_a_plugin_at_a_fifth_of_real_time_is_waited_for(catalogue, known, isolation):
    """53 ms a block, in all more than the patience for a hang and the grace."""
    known("Snail", slow_ms=53, deep={"speed": 0.2})
    sound = white(-20, 0.5)
    with PluginHost(catalogue, isolation=isolation, patience=Patience(frame_s=1.5, grace_s=0.5)) as host:
        began = time.monotonic()
        np.testing.assert_array_equal(plugin(host, "Snail", sound), sound.samples)
        assert time.monotonic() - began > 1.5


def test_the_pace_is_that_of_the_slowest_that_anybody_waits_for():
    pace = Pace("Slow", 48000, grace_s=10.0, most_cost_s=50.0)
    for _ in range(100):
        pace.took(480, 0.49)  # 49 s for a second of sound, for ever
    with pytest.raises(PluginFailed) as failed:
        for _ in range(100):
            pace.took(480, 0.75)
    assert failed.value.message == "Plugin Slow is too slow: it took 31 s for 0.41 s of sound."


@pytest.mark.parametrize(("speed", "cost_s"), [(None, 50.0), (500.0, 50.0), (0.2, 50.0), (0.05, 100.0)])
def test_a_plugin_may_take_five_times_what_it_took_when_it_was_scanned(speed, cost_s):
    assert most_cost_s(speed) == pytest.approx(cost_s)


def test_calls_grow_while_they_are_quick_and_are_one_block_after_a_slow_one():
    pace, steps = Pace("Own", 48000), []
    for seconds in (0.01,) * 7 + (0.3, 0.01):
        steps.append(pace.step)
        pace.took(pace.step, seconds)
    assert steps == [BLOCK * 2**n for n in range(5)] + [LONGEST] * 3 + [BLOCK]


def test_a_scan_ends_a_plugin_that_spins_while_it_plays(faulty):
    record = quick(faulty("Spinner", fault="spin", after=20_000))
    assert record.usable
    played = with_deep(record, patience=Patience(frame_s=1.5))
    assert played.status == "hung"
    assert "hung while playing: its process made no progress for 1.5 s" in (played.reason or "")


def test_a_trial_ends_a_plugin_that_is_alive_and_a_thousand_times_too_slow(monkeypatch):
    class Crawler:
        name = "Crawler"

        def process(self, sound, rate, buffer_size, reset):
            return sound

    seconds = iter(range(0, 10_000, 11))
    monkeypatch.setattr(impulse_module, "perf_counter", lambda: next(seconds))
    with pytest.raises(PluginFailed, match="Crawler is too slow: it took 22 s"):
        play_trial(Crawler(), np.zeros((1, 48000), np.float32), 48000)


def test_on_the_command_line_a_spinning_plugin_costs_two_deadlines_and_is_then_in_quarantine(
    healthy, faulty, plugins, tmp_path
):
    """The first attempt plays it in the render worker, the second in a process of its own; a setting says how long."""
    catalogue = Catalogue(tmp_path / "home" / "plugins")
    bundle = maker(healthy, catalogue, faulty)("Late", fault="spin", after=SOON)
    bridge.write(tmp_path / "in.wav", white(-20, 1.0))
    step = {"id": "s1", "effect": "hosted_plugin", "parameters": {"plugin": {"name": "Late"}}}
    (tmp_path / "plan.json").write_text(json.dumps({"steps": [step]}))
    environment = {**os.environ, "BRIDGE_STATE": str(tmp_path / "home"), "BRIDGE_PLUGIN_HANG_S": "1.5"}
    command = [sys.executable, "-m", "bridge.cli", "process", "in.wav", "--plan", "plan.json", "--json"]
    began = time.monotonic()
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=120, text=True)
    took_s = time.monotonic() - began
    assert done.returncode == 1, done.stderr
    reason = json.loads(done.stdout)["reason"]
    assert "Late hung while processing" in reason and "1.5 s" in reason
    assert "Late hung in a render worker" in done.stderr
    assert [strike.fault for strike in catalogue.strikes.of(bundle)] == ["hung", "hung"]
    assert catalogue.strikes.quarantined(bundle) is not None
    assert took_s < 60.0  # of 3 s of deadlines; the rest is two starts of workers on a busy machine
