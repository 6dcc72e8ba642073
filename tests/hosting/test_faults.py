"""Every way in which a plugin can fail ends in an error with the plugin's name, and this process lives."""

from __future__ import annotations

import time

import numpy as np
import psutil
import pytest

from bridge.audio import Audio
from bridge.errors import PluginFailed, WorkerDied
from bridge.hosting import PluginHost
from bridge.hosting.patience import PATIENCE, Patience
from bridge.processes import Child, Limits
from tests.hosting.playing import hosted, play, plugin
from tests.signals import white

pytestmark = pytest.mark.real

IMPATIENT = Patience(frame_s=3.0, idle_s=3.0, busy_s=5.0)
LATE = 600_000
"""Frames after which a fault strikes that a scan, which plays ten seconds at most, has not seen."""

SOON = 9600
"""The same where the scan counts as done."""


@pytest.fixture
def alone(catalogue):
    """Everything in processes of its own, with little memory and little patience."""
    with PluginHost(catalogue, isolation="always", memory_mb=700, patience=IMPATIENT) as host:
        yield host


@pytest.fixture
def second() -> Audio:
    return white(-20, 1.0)


def no_child_is_left() -> bool:
    """No plugin's process, that is: other tests start Python's own (its tracker of resources stays)."""
    running = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return not [child for child in running if "bridge.hosting.child" in child.cmdline()]


AT_ONCE = [("crash", "crashed", when) for when in ("load", "create", "init", "getstate", "process")]
AT_ONCE += [("abort", "crashed", "create"), ("exit", "crashed", "load"), ("exit", "crashed", "process")]
AT_ONCE += [("hang", "hung", "load"), ("hang", "hung", "process")]


@pytest.mark.parametrize(("fault", "word", "when"), AT_ONCE)
def test_a_plugin_that_fails_at_once_is_named(alone, catalogue, faulty, fault, word, when):
    bundle = faulty("Villain", fault=fault, when=when)
    with pytest.raises(PluginFailed, match="Villain") as failed:
        alone.processor(hosted("Villain"), 48000, 2)
    assert failed.value.fault == word
    assert failed.value.plugin == "Villain"
    record = catalogue.known(bundle)
    assert record is not None and record.status == word and record.reason == failed.value.message
    assert "\n" not in failed.value.message


def test_a_plugin_that_spins_is_hung_in_the_end(alone, faulty):
    faulty("Villain", fault="spin", when="load")
    began = time.monotonic()
    with pytest.raises(PluginFailed, match="Villain") as failed:
        alone.processor(hosted("Villain"), 48000, 2)
    assert failed.value.fault == "hung"
    assert time.monotonic() - began > IMPATIENT.busy_s


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("crash", "crashed"),
        ("abort", "crashed"),
        ("exit", "crashed"),
        ("hang", "hung"),
        ("spin", "hung"),
        ("alloc", "memory"),
        ("nan", "not_finite"),
        ("inf", "not_finite"),
    ],
)
def test_a_plugin_that_fails_in_the_middle_is_named(alone, catalogue, known, second, fault, word):
    bundle = known("Late", fault=fault, after=SOON)
    processor = alone.processor(hosted("Late"), 48000, 2)
    with pytest.raises(PluginFailed, match="Late") as failed:
        play(processor, second)
    assert failed.value.fault == word
    assert len(catalogue.strikes.of(bundle)) == (0 if word == "not_finite" else 1)
    alone.close()
    assert no_child_is_left()


def test_nan_at_the_very_end_of_one_channel_is_seen(alone, known, second):
    known("Late", fault="nan", after=SOON, channel=1)
    short = Audio(second.samples[:, : SOON + 100], 48000)
    with pytest.raises(PluginFailed, match=r"Late gave NaN or infinity in channel 2 at 0\.2") as failed:
        plugin(alone, "Late", short)
    assert failed.value.fault == "not_finite"


def test_a_plugin_that_only_ever_gives_silence_is_named(alone, faulty):
    """`mute` strikes at once: the scan cannot know that this is not how it should sound, the guard can."""
    faulty("Silent", fault="mute")
    with pytest.raises(PluginFailed, match="Silent turned sound into silence") as failed:
        plugin(alone, "Silent", white(-20, 0.5))
    assert failed.value.fault == "silent"


def test_silence_out_of_silence_is_no_fault(alone, known):
    known("Silent", fault="mute")
    out = plugin(alone, "Silent", Audio(np.zeros((2, 4800), np.float32), 48000))
    assert out.shape == (2, 4800)


def test_a_flood_on_stderr_changes_no_sample(alone, known):
    known("Loud", fault="flood", when="create")
    sound = white(-20, 0.5)
    np.testing.assert_array_equal(plugin(alone, "Loud", sound), sound.samples)


def test_a_plugin_that_crashes_while_it_is_unloaded_has_given_its_sound(alone, faulty):
    faulty("Parting", fault="crash", when="unload")
    sound = white(-20, 0.5)
    np.testing.assert_array_equal(plugin(alone, "Parting", sound), sound.samples)


def test_a_plugin_that_denies_its_state_can_be_used_and_is_known(alone, catalogue, faulty):
    bundle = faulty("Mute", deny_state=1)
    sound = white(-20, 0.5)
    np.testing.assert_array_equal(plugin(alone, "Mute", sound), sound.samples)
    record = catalogue.known(bundle)
    assert record is not None and record.deep is not None and record.deep.state_round_trip is False


def test_a_plugin_that_crashes_over_its_state_can_be_used(alone, catalogue, faulty):
    bundle = faulty("Shy", fault="crash", when="setstate")
    sound = white(-20, 0.5)
    np.testing.assert_array_equal(plugin(alone, "Shy", sound), sound.samples)
    record = catalogue.known(bundle)
    assert record is not None and record.deep is not None and record.deep.state_round_trip is False


@pytest.mark.parametrize("content", ["text", "empty folder", "no factory"])
def test_what_is_no_plugin_at_all_is_unusable(alone, plugins, content):
    path = plugins / "Fake.vst3"
    if content == "text":
        path.write_text("this is no plugin")
    else:
        (path / "Contents" / "x86_64-linux").mkdir(parents=True)
        if content == "no factory":
            (path / "Contents" / "x86_64-linux" / "Fake.so").write_bytes(b"\x7fELF" + bytes(200))
    with pytest.raises(PluginFailed, match="Fake") as failed:
        alone.processor(hosted("Fake"), 48000, 2)
    assert failed.value.fault == "unusable"


def test_two_crashes_lead_to_quarantine_and_a_new_scan_out_of_it(alone, catalogue, faulty):
    from bridge.hosting.scan import scan

    bundle = faulty("Late", fault="crash", after=LATE)
    for expected in ("crashed", "crashed", "quarantined"):
        with pytest.raises(PluginFailed, match="Late") as failed:
            plugin(alone, "Late", white(-20, 13.0))
        assert failed.value.fault == expected
    assert [record.status for record in scan(catalogue, [bundle], again=True)] == ["ok"]
    alone.processor(hosted("Late"), 48000, 2)


def test_a_crash_is_noticed_within_a_tenth_of_a_second(catalogue, known, second):
    """The figure is a benchmark's; here: the wait is for the end of the process, not for a deadline."""
    known("Late", fault="crash", after=SOON)
    with PluginHost(catalogue, isolation="always", patience=PATIENCE) as host:
        processor = host.processor(hosted("Late"), 48000, 2)
        played = Audio(second.samples[:, : SOON - 2000], 48000)
        for block in played.blocks():
            processor.process(block)
        began = time.monotonic()
        with pytest.raises(PluginFailed):
            processor.process(second.samples[:, SOON - 2000 :])
            processor.flush()
        assert time.monotonic() - began < PATIENCE.frame_s


def test_a_crash_inside_a_worker_isolates_the_plugin_from_then_on(catalogue, known, tmp_path):
    """In a worker the plugin takes the whole worker with it. What it was inside of is found afterwards."""
    bundle = known("Late", fault="crash", after=SOON)
    worker = Child("tests.hosting.rendering_worker", limits=Limits(), log_path=tmp_path / "log")
    try:
        with pytest.raises(WorkerDied):
            worker.call({"state": str(tmp_path / "state"), "plugin": "Late", "seconds": 1.0})
    finally:
        worker.close()
    with PluginHost(catalogue) as host:
        assert [strike.fault for strike in catalogue.strikes.of(bundle)] == ["suspected"]
        with pytest.raises(PluginFailed, match="Late crashed while processing"):
            plugin(host, "Late", white(-20, 1.0))
