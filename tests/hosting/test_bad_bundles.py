"""Hostile things in a plugin folder: each has its record, none holds up the scan or reaches out of the folder."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bridge.errors import PluginFailed
from bridge.hosting import PluginHost
from bridge.hosting.folders import no_plugin
from bridge.hosting.patience import Patience
from bridge.hosting.scan import scan
from tests.hosting import bundles
from tests.hosting.playing import hosted, plugin
from tests.signals import white

pytestmark = pytest.mark.real

CODE = f"{platform.machine()}-linux"


def code(plugins, name) -> str:
    folder = plugins / f"{name}.vst3" / "Contents" / CODE
    folder.mkdir(parents=True)
    return folder / f"{name}.so"


LONG_S = 60.0
"""What a scan of one or two bundles does not take on the slowest machine, and any wait without end or gigabytes do."""


def statuses(catalogue) -> dict[str, str]:
    return {record.name: record.status for record in scan(catalogue, patience=Patience(idle_s=8.0))}


def test_a_named_pipe_is_not_waited_for(catalogue, faulty, plugins):
    """Opening one would last until somebody writes, which is never."""
    faulty("Good")
    os.mkfifo(plugins / "Pipe.vst3")
    os.mkfifo(code(plugins, "Within"))
    began = time.monotonic()
    found = {record.name: record for record in scan(catalogue)}
    assert time.monotonic() - began < LONG_S
    assert {name: record.status for name, record in found.items()} == {
        "Good": "ok",
        "Pipe": "unusable",
        "Within": "unusable",
    }
    assert found["Pipe"].reason == "Plugin Pipe cannot be loaded: Pipe.vst3 is no file."
    assert found["Within"].reason == "Plugin Within cannot be loaded: Within.so is no file."


def test_links_to_nothing_and_in_circles_are_unusable(catalogue, plugins):
    (plugins / "Circle.vst3").symlink_to(plugins / "Circle.vst3")
    (plugins / "Nothing.vst3").symlink_to(plugins / "gone")
    code(plugins, "Inner").symlink_to("/nowhere/at/all.so")
    assert statuses(catalogue) == dict.fromkeys(("Circle", "Nothing", "Inner"), "unusable")


def test_a_link_to_a_folder_outside_is_not_searched_for_bundles(catalogue, library, plugins, tmp_path):
    bundles.bundle(library, tmp_path / "outside", "Hidden")
    (plugins / "way").symlink_to(tmp_path / "outside")
    assert statuses(catalogue) == {}


def test_text_instead_of_code_is_unusable(catalogue, plugins):
    code(plugins, "Text").write_text("#!/bin/sh\nrm -rf /\n")
    code(plugins, "Zeros").write_bytes(bytes(10_000))
    code(plugins, "Header").write_bytes(b"\x7fELF\x02\x01\x01" + b"\xff" * 10_000)
    assert statuses(catalogue) == dict.fromkeys(("Text", "Zeros", "Header"), "unusable")


@pytest.mark.parametrize(
    "name", ["new\nline", "x" * 250, "bell\a", "[brackets]", "q\"uo'te", "-rf", "ünïcödé"]
)
def test_any_name_is_scanned_and_played_under_its_name(catalogue, library, plugins, name):
    """The bundle is named so; what it calls itself has room for 60 letters."""
    made = bundles.bundle(library, plugins, "Own")
    (made / "Contents" / CODE / "Own.so").rename(made / "Contents" / CODE / f"{name}.so")
    made.rename(plugins / f"{name}.vst3")
    assert statuses(catalogue) == {"Own": "ok"}
    with PluginHost(catalogue, isolation="always") as host:
        assert plugin(host, "Own", white(-20, 0.2)).shape == (2, 9600)


def test_a_name_that_is_no_text_is_scanned(catalogue, library, plugins):
    made = bundles.bundle(library, plugins, "Own")
    binary = os.fsdecode(b"no\xfftext")
    (made / "Contents" / CODE / "Own.so").rename(made / "Contents" / CODE / f"{binary}.so")
    made.rename(plugins / f"{binary}.vst3")
    (record,) = scan(catalogue)
    assert (record.status, record.file) == ("unusable", str(plugins / f"{binary}.vst3"))
    assert record.reason is not None and record.reason.endswith("its name is no text.")
    assert catalogue.known(plugins / f"{binary}.vst3") == record


def test_a_huge_moduleinfo_costs_no_memory_and_no_time(catalogue, faulty):
    made = faulty("Own")
    for place in ("Contents", "Contents/Resources"):
        with (made / place / "moduleinfo.json").open("wb") as file:
            file.truncate(50 << 30)
    began = time.monotonic()
    assert statuses(catalogue) == {"Own": "ok"}
    assert time.monotonic() - began < LONG_S


def test_what_may_not_be_read_says_so(plugins, tmp_path):
    made = code(plugins, "Secret").parents[2]
    code_file = made / "Contents" / CODE / "Secret.so"
    code_file.write_bytes(b"code")
    made.chmod(0)
    try:
        ask = "import sys; from pathlib import Path; from bridge.hosting.folders import no_plugin"
        (tmp_path / "ask.py").write_text(f"{ask}\nprint(no_plugin(Path(sys.argv[1])))\n")
        command = [sys.executable, "-m", "tests.daemon.unprivileged", "ask", str(made)]
        paths = os.pathsep.join([str(tmp_path), str(Path.cwd())])
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True
        )
    finally:
        made.chmod(0o755)
    assert done.stdout.strip() == "it may not be read", done.stderr
    assert no_plugin(made) is None


def test_a_bundle_in_a_bundle_is_not_looked_for(catalogue, faulty, library):
    outer = faulty("Outer")
    bundles.bundle(library, outer / "Contents" / "Resources", "Inner")
    assert statuses(catalogue) == {"Outer": "ok"}


def test_a_bundle_that_goes_away_is_missing_and_not_an_internal_error(catalogue, faulty):
    import shutil

    made = faulty("Own")
    assert statuses(catalogue) == {"Own": "ok"}
    shutil.rmtree(made)
    with PluginHost(catalogue) as host, pytest.raises(PluginFailed) as failed:
        host.processor(hosted("Own"), 48000, 2)
    assert failed.value.fault == "missing"


def test_a_sparse_file_of_10_gigabytes_is_unusable_at_once(catalogue, plugins):
    """As a bundle of one file, and as the code in a bundle."""
    for file in (plugins / "Sparse.vst3", code(plugins, "Within")):
        with file.open("wb") as made:
            made.truncate(10 << 30)
    began = time.monotonic()
    assert statuses(catalogue) == {"Sparse": "unusable", "Within": "unusable"}
    assert time.monotonic() - began < LONG_S
