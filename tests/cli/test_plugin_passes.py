"""What `plugins list` and `plugins show` tell of the passes over a plugin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.cli.plugin_passes import measured, status, to_come
from bridge.hosting import Catalogue, PluginRecord
from bridge.hosting.record import DeepRecord

DEEP = DeepRecord(
    latency_frames=700, hidden_latency_frames=600, tail_s=0.25, deterministic=True, block_independent=False,
    state_round_trip=True, instances_independent=False, speed=55.4,
)  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("Deep", "Quick", "Heavy", "Bad", "New"):
        code = tmp_path / "plugins" / f"{name}.vst3" / "Contents" / "x86_64-linux"
        code.mkdir(parents=True)
        (code / f"{name}.so").write_bytes(b"code")
    monkeypatch.setenv("VST3_PATH", str(tmp_path / "plugins"))
    return tmp_path / "plugins"


def record(folder, name, **more) -> PluginRecord:
    return PluginRecord(**{"file": str(folder / f"{name}.vst3"), "name": name, "status": "ok", **more})


def test_every_fact_of_the_deep_pass_is_told(folder):
    lines = list(measured(record(folder, "Deep", load_s=0.029, deep=DEEP)))
    assert lines == [
        "loads in 0.029 s",
        "measured latency: 700 frames, 600 of them not reported",
        "tail: 0.25 s; 55 x real time",
        "the same sound every time: yes",
        "the same with any block size: no",
        "its stored state brings the sound back: yes",
        "instances leave each other alone: no",
    ]
    assert "tail: over 10 s; 55 x real time" in measured(record(folder, "D", deep=replace(DEEP, tail_s=None)))
    assert "deep scan: not yet" in "".join(measured(record(folder, "Quick")))


def test_the_list_tells_how_far_the_deep_scan_is_and_what_is_slow(folder, tmp_path):
    catalogue = Catalogue(tmp_path / "state")
    heavy = record(folder, "Heavy", status="slow", unfinished=True)
    bad = record(folder, "Bad", status="crashed", reason="it did")
    catalogue.keep([record(folder, "Deep", deep=DEEP), record(folder, "Quick"), heavy, bad])
    catalogue.strikes.add(folder / "Bad.vst3", "crashed", "it did")
    first, second = to_come(catalogue)
    assert first.startswith("deep scan: 2 of 5; ") and "scan --deep" in first
    assert second.startswith("Heavy is slow to load") and "scan --wait" in second
    catalogue.strikes.forgive(folder / "Bad.vst3")
    assert next(to_come(catalogue)).startswith("deep scan: 1 of 5; ")  # it is tried again
    assert status(heavy) == "slow, still loading in the background"
