"""What is known of plugins: of no other than the one that was looked into, and lost to nobody who writes beside."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bridge.errors import Unavailable
from bridge.files.lock import locked
from bridge.hosting import Catalogue
from bridge.hosting.background import BackgroundScan
from bridge.hosting.folders import stamp
from bridge.hosting.record import PluginRecord
from bridge.hosting.scan import scan

ROOT = Path(__file__).parents[2]

KEEP = """
import sys
from pathlib import Path
from bridge.hosting import Catalogue
from bridge.hosting.record import PluginRecord
catalogue = Catalogue(Path(sys.argv[1]), [Path(sys.argv[2])])
for file in sys.argv[3:]:
    catalogue.keep([PluginRecord(file=file, name=Path(file).stem, status="ok")])
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plugin folder of its own, with nothing in it."""
    made = tmp_path / "vst3"
    made.mkdir()
    monkeypatch.setenv("VST3_PATH", str(made))
    return made


def plugin(folder: Path, name: str) -> Path:
    bundle = folder / f"{name}.vst3"
    bundle.write_bytes(b"one")
    return bundle


def replaced_while(bundle: Path):
    """In the place of the quick pass: the plugin is installed anew while it is looked into."""

    def quick(of: Path, **_: object) -> PluginRecord:
        bundle.write_bytes(b"another one")
        return PluginRecord(file=str(of), name=of.stem, status="unusable", reason="too old")

    return quick


def test_a_plugin_that_is_replaced_while_it_is_scanned_is_not_known(folder, tmp_path, monkeypatch):
    bundle, other = plugin(folder, "A"), plugin(folder, "B")
    monkeypatch.setattr("bridge.hosting.scan.quick", replaced_while(bundle))
    catalogue = Catalogue(tmp_path / "state")
    assert len(list(scan(catalogue, [bundle]))) == 1
    assert catalogue.known(bundle) is None
    list(scan(catalogue, [other]))
    assert catalogue.known(other) is not None


def test_nor_where_that_happens_in_the_background(folder, tmp_path, monkeypatch):
    bundle = plugin(folder, "A")
    looked: list[tuple[int, int, int] | None] = []

    def quick(of: Path, **_: object) -> PluginRecord:
        looked.append(stamp(of))
        if len(looked) == 1:
            bundle.write_bytes(b"another one")
        return PluginRecord(file=str(of), name=of.stem, status="unusable", reason="too old")

    monkeypatch.setattr("bridge.hosting.background.quick", quick)
    catalogue = Catalogue(tmp_path / "state")
    assert BackgroundScan(catalogue, lambda: False)._turn() is False
    assert looked[-1] == stamp(bundle) and len(looked) == 2
    assert catalogue.known(bundle) is not None


def test_processes_that_keep_at_the_same_time_lose_nothing_of_each_other(folder, tmp_path):
    bundles = [plugin(folder, f"P{index:02d}") for index in range(60)]
    state = str(tmp_path / "state")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", KEEP, state, str(folder), *map(str, bundles[part::3])], cwd=ROOT
        )
        for part in range(3)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert {record.name for record in Catalogue(tmp_path / "state").records()} == {b.stem for b in bundles}


def test_threads_with_one_catalogue_lose_nothing_either(folder, tmp_path):
    bundles = [plugin(folder, f"P{index:02d}") for index in range(24)]
    catalogue = Catalogue(tmp_path / "state")

    def keep(part: int) -> None:
        for bundle in bundles[part::4]:
            catalogue.keep([PluginRecord(file=str(bundle), name=bundle.stem, status="ok")])

    threads = [threading.Thread(target=keep, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Catalogue(tmp_path / "state").records()) == len(bundles)


def test_a_lock_that_is_never_let_go_is_said_and_not_waited_for_for_ever(tmp_path):
    path = tmp_path / "new" / "a.lock"
    with locked(path), pytest.raises(Unavailable, match=r"a\.lock"), locked(path, 0.05):
        pass
    with locked(path, 0.0):
        pass
