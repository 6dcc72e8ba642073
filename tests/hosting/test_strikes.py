"""Two crashes are quarantine, in whatever they happen: a scan, a process of its own, a render worker."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.errors import PluginFailed
from bridge.hosting import PluginHost
from bridge.hosting.background import BackgroundScan
from bridge.hosting.patience import Patience
from bridge.hosting.scan import judged, scan
from tests.hosting.playing import hosted, plugin
from tests.signals import white

pytestmark = pytest.mark.real


def faults(catalogue, bundle) -> list[str]:
    return [strike.fault for strike in catalogue.strikes.of(bundle)]


def test_a_plugin_that_crashes_in_its_scan_is_tried_twice_and_is_then_in_quarantine(catalogue, faulty):
    bundle = faulty("Villain", fault="crash", when="load")
    assert [record.status for record in scan(catalogue)] == ["crashed"]
    assert faults(catalogue, bundle) == ["crashed", "crashed"]
    with (
        PluginHost(catalogue) as host,
        pytest.raises(PluginFailed, match="plugins forgive Villain") as failed,
    ):
        host.processor(hosted("Villain"), 48000, 2)
    assert failed.value.fault == "quarantined"


def test_forgiven_it_is_tried_again(catalogue, faulty):
    bundle = faulty("Villain", fault="crash", when="load")
    list(scan(catalogue))
    catalogue.strikes.forgive(bundle)
    assert catalogue.known(bundle) is None
    with PluginHost(catalogue) as host, pytest.raises(PluginFailed, match="Villain crashed while loading"):
        host.processor(hosted("Villain"), 48000, 2)
    assert faults(catalogue, bundle) == ["crashed", "crashed"]


def test_a_crash_that_was_an_accident_is_one_strike_and_the_plugin_is_usable(catalogue, healthy, faulty):
    bundle = faulty("Fickle")
    good = replace(healthy, file=str(bundle), name="Fickle")
    looks = iter([replace(good, status="crashed", reason="Plugin Fickle crashed."), good])
    assert judged(catalogue, bundle, lambda: next(looks)) == good
    assert faults(catalogue, bundle) == ["crashed"]


def test_a_hang_in_a_scan_is_one_strike_and_not_waited_for_twice(catalogue, healthy, faulty):
    bundle = faulty("Stuck")
    looks = iter([replace(healthy, file=str(bundle), status="hung", reason="Plugin Stuck hung.")])
    assert judged(catalogue, bundle, lambda: next(looks)).status == "hung"
    assert faults(catalogue, bundle) == ["hung"]


def test_both_attempts_of_one_job_are_enough_for_quarantine_and_the_second_says_so(catalogue, known):
    bundle = known("Late", fault="crash", after=4096)
    catalogue.strikes.add(bundle, "crashed", "as the first attempt did in the render worker")
    with (
        PluginHost(catalogue, isolation="always") as host,
        pytest.raises(
            PluginFailed, match=r"SIGSEGV.* It is in quarantine now\. `dawbridge plugins forgive Late`"
        ),
    ):
        plugin(host, "Late", white(-20, 0.5))
    assert catalogue.strikes.quarantined(bundle) is not None


def test_what_is_slow_to_load_has_its_turn_after_all_others(catalogue, healthy, faulty):
    """Its quick pass may take minutes: the deep passes of the others come before it."""
    slow, quickly = faulty("Aslow"), faulty("Quick")
    catalogue.keep(
        [
            replace(healthy, file=str(slow), name="Aslow", status="slow", unfinished=True, deep=None),
            replace(healthy, file=str(quickly), name="Quick", deep=None),
        ]
    )
    turns = BackgroundScan(catalogue, lambda: False, patience=Patience())
    assert turns._next() == quickly
    catalogue.keep([replace(healthy, file=str(slow), name="Aslow", status="slow", deep=None)])
    assert turns._next() == quickly
    new = faulty("New")
    assert turns._next() == new


def test_a_line_that_was_cut_off_costs_no_other_strike(catalogue, known):
    bundle = known("Torn")
    catalogue.strikes.add(bundle, "crashed", "once")
    (path,) = catalogue.marks.parent.glob("strikes.jsonl")
    with path.open("a") as file:
        file.write('{"file": "/some')
    catalogue.strikes.add(bundle, "crashed", "twice")
    assert [strike.sentence for strike in catalogue.strikes.of(bundle)] == ["once", "twice"]
