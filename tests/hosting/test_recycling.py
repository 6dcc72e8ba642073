"""Plugins that leak at every load: the processes that hold them are replaced before that hurts."""

from __future__ import annotations

import psutil
import pytest

from bridge.hosting.isolated import MOST_GROWTH_MB, MOST_LOADS
from bridge.hosting.opening import Order
from bridge.hosting.patience import PATIENCE
from bridge.hosting.pool import Pool
from tests.hosting import bundles
from tests.hosting.playing import play
from tests.signals import white

pytestmark = pytest.mark.real


def hundred_loads(file, name: str, channels: int, loads: int = 100) -> tuple[float, set[int]]:
    """The most memory [MB] that the plugin's process had after a load, and the processes that there were."""
    pool = Pool(2048, None, PATIENCE)
    order = Order(file=str(file), rate=48000, channels=channels, hidden_latency_frames=0)
    sound = white(-20, 0.05, channels=channels)
    most, pids = 0.0, set()
    try:
        for _ in range(loads):
            playing = pool.open(order, name, True)
            process = psutil.Process(playing.pid)
            pids.add(process.pid)
            most = max(most, process.memory_info().rss / 2**20)
            play(playing, sound)
    finally:
        pool.close()
    return most, pids


def test_a_plugin_that_leaks_20_mb_a_load_never_takes_more_than_its_share(faulty):
    """100 loads leak 2 GB in all; a process starts at some 80 MB and may grow by MOST_GROWTH_MB and one load."""
    most, pids = hundred_loads(faulty("Leaky", leak_mb=20), "Leaky", 2)
    assert most < 100 + MOST_GROWTH_MB + 2 * 20
    assert len(pids) >= 100 * 20 / (MOST_GROWTH_MB + 2 * 20)


@pytest.mark.slow
def test_a_plugin_that_leaks_nothing_is_replaced_by_its_number_of_loads(faulty):
    _, pids = hundred_loads(faulty("Tight"), "Tight", 2)
    assert len(pids) == 100 / MOST_LOADS


@pytest.mark.slow
def test_a_real_plugin_that_leaks_8_mb_a_load_stays_within_bounds(plugins):
    """ZamDelay leaked 7.5 MB at every load and unload when it was measured."""
    most, pids = hundred_loads(bundles.zam("ZamDelay"), "ZamDelay", 1)
    assert most < 100 + MOST_GROWTH_MB + 2 * 8
    assert len(pids) >= 2
