"""The scan in the background: it gets everything done, stands back behind jobs, and loses nothing by that."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import psutil
import pytest

from bridge.hosting.background import NICE, BackgroundScan
from bridge.hosting.patience import Patience
from bridge.hosting.scan import scan
from tests.daemon.living import living, until
from tests.hosting import bundles
from tests.signals import white

pytestmark = pytest.mark.real


@contextlib.contextmanager
def scanning(catalogue, busy=lambda: False, look_again_s=0.2):
    background = BackgroundScan(catalogue, busy, rest_s=0.1, look_again_s=look_again_s)
    background.start()
    try:
        yield
    finally:
        background.stop()


def living_children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def children() -> Callable[[], list[psutil.Process]]:
    """Those that came since the test began: Python's own resource tracker, once started, stays till the end."""
    before = set(living_children())
    return lambda: [one for one in living_children() if one not in before]


def test_all_bundles_are_scanned_deeply_and_a_new_one_soon_after_it_came(catalogue, faulty):
    faulty("A")
    faulty("Bad", fault="crash", when="load")
    with scanning(catalogue):
        until(lambda: catalogue.deep_scanned() == (2, 2))
        faulty("B")
        until(lambda: catalogue.deep_scanned() == (3, 3))
    found = {record.name: record for record in catalogue.records()}
    assert found["A"].deep is not None and found["B"].deep is not None
    assert found["Bad"].status == "crashed"


def test_what_a_quick_pass_left_unfinished_is_finished(catalogue, faulty):
    faulty("Heavy", load_busy_ms=2500)
    (left,) = scan(catalogue, patience=Patience(busy_s=1.0))
    assert left.unfinished
    with scanning(catalogue):
        until(lambda: catalogue.records()[0].usable)


def test_a_job_ends_the_scan_at_once_and_the_scan_goes_on_after_it(catalogue, faulty, children):
    faulty("Heavy", load_busy_ms=2000)
    faulty("Light")
    job = [False]
    with scanning(catalogue, lambda: job[0]):
        (process,) = until(children)
        until(lambda: process.nice() >= NICE)
        job[0] = True
        until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)
        time.sleep(0.5)
        assert children() == []
        assert catalogue.deep_scanned() == (0, 2), "it was ended before it was done"
        job[0] = False
        until(
            lambda: catalogue.known(catalogue.folders[0] / "Light.vst3"), what="the other one is not held up"
        )
        assert catalogue.known(catalogue.folders[0] / "Heavy.vst3") is None
        until(lambda: catalogue.known(catalogue.folders[0] / "Heavy.vst3"))
    assert all(record.usable for record in catalogue.records())


def test_stopping_leaves_no_process(catalogue, faulty, children):
    faulty("Hang", fault="hang", when="load")
    with scanning(catalogue):
        until(children)
    assert children() == []
    assert catalogue.records() == []


def test_the_daemon_scans_while_it_has_nothing_to_do_and_says_how_far_it_is(tmp_path, library, monkeypatch):
    import bridge

    plugins = tmp_path / "plugins"
    plugins.mkdir()
    bundles.bundle(library, plugins, "Own")
    monkeypatch.setenv("VST3_PATH", str(plugins))
    with living(tmp_path / "home", background_scan=True) as daemon:
        until(lambda: any(line["event"] == "plugin scanned" for line in daemon.log_lines))
        bridge.write(daemon.inbox / "a.wav", white(-20, 0.5))
        assert daemon.result_of(daemon.inbox / "a.wav")["status"] in ("done", "refused")
        until(lambda: any(line.get("deep_scan") == "1 of 1" for line in daemon.log_lines))
        assert daemon.stop() == 0
