"""A plugin that takes the render worker with it: counted once, and never for what was not its doing."""

from __future__ import annotations

import threading
import time

import pytest

from bridge.errors import PluginFailed, WorkerDied
from bridge.hosting import PluginHost
from bridge.hosting.deaths import Deaths
from bridge.processes import Child
from tests.hosting.playing import plugin
from tests.hosting.test_faults import SOON
from tests.signals import white

pytestmark = pytest.mark.real


@pytest.fixture
def dying(tmp_path):
    """Lets a worker render through a plugin that kills it; its pid and what was raised."""

    def render(name: str, seconds: float = 1.0, stall_s: float = 60.0) -> tuple[int, WorkerDied]:
        worker = Child("tests.hosting.rendering_worker", log_path=tmp_path / "log")
        request = {"state": str(tmp_path / "state"), "plugin": name, "seconds": seconds, "accounted": True}
        try:
            with pytest.raises(WorkerDied) as died:
                worker.call(request, stall_s=stall_s)
        finally:
            worker.close()
        return worker.pid, died.value

    return render


def test_a_worker_that_dies_inside_of_a_plugin_is_one_crash_of_that_plugin(catalogue, known, dying):
    bundle = known("Late", fault="crash", after=SOON)
    pid, death = dying("Late")
    with PluginHost(catalogue):  # another worker that starts first leaves the counting to who saw the death
        assert catalogue.strikes.of(bundle) == []
    told = [Deaths(catalogue).died(pid, death) for _ in range(2)]
    assert told == ["Plugin Late crashed in a render worker: its process was killed by SIGSEGV.", None]
    assert [strike.fault for strike in catalogue.strikes.of(bundle)] == ["crashed"]
    assert not list(catalogue.marks.iterdir())


def test_exit_code_0_in_the_middle_is_a_crash_too(catalogue, known, dying):
    bundle = known("Late", fault="exit", after=SOON)
    Deaths(catalogue).died(*dying("Late"))
    assert [strike.fault for strike in catalogue.strikes.of(bundle)] == ["crashed"]


def test_a_worker_that_hangs_inside_of_a_plugin_is_counted_as_a_hang(catalogue, known, dying):
    bundle = known("Late", fault="hang", after=SOON)
    Deaths(catalogue).died(*dying("Late", stall_s=5.0))
    assert [strike.fault for strike in catalogue.strikes.of(bundle)] == ["hung"]


def test_the_second_death_puts_it_in_quarantine_and_the_next_wish_is_refused_by_name(catalogue, known, dying):
    bundle = known("Late", fault="crash", after=SOON)
    Deaths(catalogue).died(*dying("Late"))
    with PluginHost(catalogue) as host:
        with pytest.raises(PluginFailed, match="Late crashed while processing"):
            plugin(host, "Late", white(-20, 1.0))
        with pytest.raises(PluginFailed, match="Late is in quarantine") as failed:
            plugin(host, "Late", white(-20, 1.0))
    assert failed.value.fault == "quarantined"
    assert len(catalogue.strikes.of(bundle)) == 2


def test_a_worker_that_is_stopped_on_purpose_is_no_fault_of_its_plugin(catalogue, known, tmp_path):
    bundle = known("Snail", slow_ms=2)
    worker = Child("tests.hosting.rendering_worker", log_path=tmp_path / "log")
    request = {"state": str(tmp_path / "state"), "plugin": "Snail", "seconds": 30.0, "accounted": True}
    threading.Thread(target=_kill_inside, args=(worker, catalogue.marks), daemon=True).start()
    with pytest.raises(WorkerDied):
        worker.call(request)
    worker.close()
    assert list(catalogue.marks.iterdir())
    assert Deaths(catalogue).died(worker.pid, None) is None
    assert catalogue.strikes.of(bundle) == []
    assert not list(catalogue.marks.iterdir())


def _kill_inside(worker: Child, marks) -> None:
    """Once the worker is inside of its plugin, for which it needs a mark."""
    while not (marks.is_dir() and list(marks.iterdir())):
        time.sleep(0.01)
    time.sleep(0.2)
    worker.kill("was stopped")
