"""plugins scan, list and show: a bundle that is none, and Debian's real ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.real import must_have

ZAM = Path("/usr/lib/vst3/ZamComp.vst3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plugin folder whose only bundle is text."""
    path = tmp_path / "vst3"
    path.mkdir()
    (path / "Broken.vst3").write_text("no plugin", encoding="utf-8")
    return path


def test_scan_prints_one_line_a_bundle_and_the_summary_last(run: Run, folder: Path) -> None:
    ran = run("plugins", "scan", "--json", VST3_PATH=str(folder))
    record, summary = (json.loads(line) for line in ran.out.splitlines())
    assert set(record) >= {"file", "name", "vendor", "status", "reason", "channels", "parameters"}
    assert record["file"] == str(folder / "Broken.vst3") and record["status"] == "unusable"
    assert summary["summary"] == {"bundles": 1, "unusable": 1}
    assert ran.code == 0


def test_list_loads_nothing_and_says_what_was_not_scanned(run: Run, folder: Path) -> None:
    data = run("plugins", "list", "--json", VST3_PATH=str(folder)).json
    assert data["plugins"] == [] and data["unscanned"] == [str(folder / "Broken.vst3")]


def test_doctor_names_a_plugin_that_cannot_be_used(run: Run, folder: Path) -> None:
    run("plugins", "scan", VST3_PATH=str(folder))
    checks = run("doctor", "--json", VST3_PATH=str(folder), BRIDGE_OSC_PORT="0").json["checks"]
    assert any("Broken (unusable)" in check["found"] for check in checks if check["name"] == "plugins")


def test_a_plugin_that_is_not_there_is_named(run: Run, folder: Path) -> None:
    ran = run("plugins", "show", "Nonesuch", VST3_PATH=str(folder))
    assert ran.code == 2 and "Nonesuch" in ran.err and len(ran.err.splitlines()) == 1


@pytest.mark.real
def test_a_real_plugin_shows_its_parameters_in_real_units(run: Run, tmp_path: Path) -> None:
    must_have("zam-plugins", ZAM.exists())
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / ZAM.name).symlink_to(ZAM)
    plugin = run("plugins", "show", "ZamComp", "--json", VST3_PATH=str(tmp_path / "one")).json["plugin"]
    parameters = {item["name"]: item for item in plugin["parameters"]}
    assert plugin["status"] == "ok" and plugin["channels"] == [1]
    assert (parameters["threshold_db"]["low"], parameters["threshold_db"]["unit"]) == (-80, "dB")
