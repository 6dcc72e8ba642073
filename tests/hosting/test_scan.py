"""The scanner and the catalogue: what is found out, what is kept, and what makes it be found out again."""

from __future__ import annotations

import os
import time

import pytest

from bridge.hosting import Catalogue, PluginHost
from bridge.hosting.catalogue import nearest_built_in
from bridge.hosting.patience import Patience
from bridge.hosting.scan import dead_man, scan
from tests.hosting import bundles
from tests.hosting.playing import hosted

pytestmark = pytest.mark.real


def by_name(catalogue, **options):
    return {record.name: record for record in scan(catalogue, **options)}


def test_a_plugin_is_described_as_it_is(catalogue, faulty):
    faulty("Own", latency=123)
    record = by_name(catalogue)["Own"]
    assert (record.status, record.vendor, record.channels, record.latency_frames) == (
        "ok",
        "dawbridge tests",
        (1, 2),
        123,
    )
    parameters = {item.name: item for item in record.parameters}
    assert list(parameters) == ["gain_db", "tone_hz", "mode", "active", "process", "level_db"]
    gain = parameters["gain_db"]
    assert (gain.kind, gain.unit, gain.low, gain.high, gain.default) == ("number", "dB", -24.0, 24.0, 0.0)
    assert parameters["mode"].choices == ("Normal", "Invert", "Mute")
    assert (parameters["active"].kind, parameters["active"].default) == ("switch", True)
    assert parameters["level_db"].hidden
    assert [item.name for item in record.settable] == ["gain_db", "tone_hz", "mode", "active", "process"]


def test_the_deep_pass_finds_what_only_playing_shows(catalogue, faulty):
    faulty("Honest", latency=50)
    faulty("Liar", latency=700, report=100)
    faulty("Echo", echo=4800)
    faulty("Random", random=1)
    faulty("Blocky", blockdep=1)
    faulty("Lonely", single=1)
    faulty("Wobbly", wobble=1)
    found = {name: record.deep for name, record in by_name(catalogue, deep=True).items()}
    assert (found["Honest"].latency_frames, found["Honest"].hidden_latency_frames) == (50, 0)
    assert (found["Liar"].latency_frames, found["Liar"].hidden_latency_frames) == (700, 600)
    assert found["Echo"].tail_s == pytest.approx(0.1, abs=0.001)
    assert {name for name, deep in found.items() if not deep.deterministic} == {"Random", "Wobbly"}
    assert {name for name, deep in found.items() if not deep.block_independent} == {"Random", "Blocky"}
    assert {name for name, deep in found.items() if not deep.instances_independent} == {"Random", "Lonely"}
    assert {name for name, deep in found.items() if not deep.state_round_trip} == {"Random"}


def test_one_bad_bundle_keeps_no_other_from_being_scanned(catalogue, faulty, plugins):
    faulty("Good")
    faulty("Crash", fault="crash", when="load")
    faulty("Hang", fault="hang", when="create")
    (plugins / "Text.vst3").write_text("no plugin")
    found = by_name(catalogue, patience=Patience(idle_s=1.5))
    assert {name: record.status for name, record in found.items()} == {
        "Good": "ok",
        "Crash": "crashed",
        "Hang": "hung",
        "Text": "unusable",
    }
    assert all(record.reason for name, record in found.items() if name != "Good")


def test_what_is_known_is_not_loaded_again_until_it_changes(catalogue, faulty, tmp_path):
    bundle = faulty("Own")
    by_name(catalogue)
    binary = next((bundle / "Contents").glob("*-linux/*.so"))
    sound, binary_stat = binary.read_bytes(), binary.stat()
    binary.write_bytes(b"x" * len(sound))
    os.utime(binary, ns=(binary_stat.st_atime_ns, binary_stat.st_mtime_ns))
    assert by_name(Catalogue(tmp_path / "state"))["Own"].status == "ok"
    os.utime(binary)
    assert by_name(Catalogue(tmp_path / "state"))["Own"].status == "unusable"


def test_a_damaged_catalogue_is_written_anew(catalogue, faulty, tmp_path):
    faulty("Own")
    by_name(catalogue)
    (tmp_path / "state" / "plugins.json").write_text("{ half")
    assert by_name(Catalogue(tmp_path / "state"))["Own"].status == "ok"


def test_a_slow_plugin_is_slow_and_not_bad(catalogue, faulty):
    faulty("Heavy", load_ms=5300)
    began = time.monotonic()
    record = by_name(catalogue)["Heavy"]
    assert time.monotonic() - began > 5.3
    assert record.status == "slow"
    assert record.usable


def test_what_loads_for_too_long_is_left_unfinished_and_the_others_are_done(catalogue, faulty, tmp_path):
    bundle = faulty("Heavy", load_busy_ms=4000)
    for name in ("A", "B", "C"):
        faulty(name)
    found = by_name(catalogue, patience=Patience(busy_s=1.5), at_once=2)
    heavy = found["Heavy"]
    assert (heavy.status, heavy.unfinished, heavy.usable) == ("slow", True, False)
    assert "still loading after 1.5 s" in heavy.reason
    assert [found[name].status for name in ("A", "B", "C")] == ["ok"] * 3
    assert catalogue.known(bundle) == heavy
    assert by_name(Catalogue(tmp_path / "state"))["Heavy"] == heavy
    finished = by_name(catalogue, wait=True)["Heavy"]
    assert (finished.unfinished, finished.usable, finished.channels) == (False, True, (1, 2))


def test_a_plan_that_names_an_unfinished_plugin_waits_for_it(catalogue, faulty):
    faulty("Heavy", load_busy_ms=2500)
    by_name(catalogue, patience=Patience(busy_s=1.0))
    with PluginHost(catalogue) as host:
        host.processor(hosted("Heavy"), 48000, 2)
    assert by_name(catalogue)["Heavy"].usable


def test_a_bundle_that_a_scan_died_with_comes_last(catalogue, faulty):
    suspect = faulty("A")
    faulty("B")
    note = dead_man(catalogue, suspect)
    note.__enter__()
    assert [record.name for record in scan(catalogue, at_once=1)] == ["B", "A"]
    assert not list(catalogue.dead_men.iterdir())


@pytest.mark.parametrize(
    ("plugin", "effect"),
    [
        ("ZamCompX2", "compressor"),
        ("ZaMultiComp", "compressor"),
        ("ZamGEQ31", "equalizer"),
        ("Nonesuch", None),
        ("ZaMaximX2", "limiter"),
        ("Valhalla VintageVerb", "reverb"),
        ("ZamTube", "saturation"),
        ("EchoBoy", "delay"),
    ],
)
def test_the_nearest_built_in_effect_follows_from_the_name(plugin, effect):
    assert nearest_built_in(plugin) == effect


def test_the_real_plugins_are_what_was_measured_of_them(catalogue, plugins):
    """Figures of Debian's zam-plugins 4.1; ZamVerb loads for a minute and is left out."""
    names = ("ZaMaximX2", "ZamCompX2", "ZamDelay", "ZamEQ2", "ZamGrains", "ZamHeadX2", "ZamTube")
    for name in names:
        (plugins / f"{name}.vst3").symlink_to(bundles.zam(name))
    found = by_name(catalogue, deep=True)
    assert {name: record.status for name, record in found.items()} == dict.fromkeys(names, "ok")
    assert found["ZaMaximX2"].deep.latency_frames == found["ZaMaximX2"].latency_frames == 480
    assert found["ZamEQ2"].channels == (1,)
    assert found["ZamCompX2"].channels == (2,)
    assert {name for name, record in found.items() if not record.deep.block_independent} >= {
        "ZamDelay",
        "ZamGrains",
    }
    assert found["ZamEQ2"].deep.block_independent and found["ZamCompX2"].deep.block_independent
    assert not found["ZamHeadX2"].deep.instances_independent
    assert not found["ZamTube"].deep.deterministic
    assert found["ZamEQ2"].deep.deterministic and found["ZamCompX2"].deep.deterministic
    settable = {item.name for item in found["ZamCompX2"].settable}
    assert {"threshold_db", "ratio", "attack_ms"} <= settable
    assert not settable & {"buffer_size_frames", "sample_rate_frames", "current_program", "output_level_db"}
