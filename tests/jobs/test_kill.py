"""A short, seeded version of `python -m tests.benchmarks.kill`."""

from __future__ import annotations

import os

import pytest

from tests.jobs.invariants import digest
from tests.jobs.killing import DaemonVictim, DeskVictim, Havoc, dropped, rampage, wished

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9")


def only_done_or_worn_out(havoc: Havoc, count: int) -> bool:
    """A job whose workers were killed three times is `failed` by rule; nothing else may be."""
    done, worn_out = havoc.states.get("done", 0), havoc.states.get("failed", 0)
    return done + worn_out == count == sum(havoc.states.values()) and 3 * worn_out <= havoc.worker_kills


def test_random_kills_of_dispatcher_and_workers_lose_nothing(tmp_path):
    inputs = dropped(tmp_path, 24, seed=7, longest_s=4.0)
    havoc = rampage(DeskVictim(tmp_path), inputs, kills=14, seed=7, pause_s=0.4)
    assert havoc.faults == []
    assert only_done_or_worn_out(havoc, len(inputs))
    assert havoc.daemon_kills and havoc.worker_kills


def test_random_kills_of_the_real_daemon_lose_nothing(tmp_path):
    inputs = dropped(tmp_path, 8, seed=3, longest_s=6.0)
    wishes = wished(tmp_path, 4, seed=3, longest_s=6.0)
    everything = inputs | {path: digest(path) for path, _ in wishes.values()}
    havoc = rampage(DaemonVictim(tmp_path, wishes), everything, kills=6, seed=3, pause_s=1.0)
    assert havoc.faults == []
    assert only_done_or_worn_out(havoc, len(everything))


@pytest.mark.slow
def test_two_hundred_kills_while_a_hundred_jobs_run(tmp_path):
    inputs = dropped(tmp_path, 80, seed=11, longest_s=20.0)
    wishes = wished(tmp_path, 20, seed=11, longest_s=20.0)
    everything = inputs | {path: digest(path) for path, _ in wishes.values()}
    havoc = rampage(DaemonVictim(tmp_path, wishes), everything, kills=200, seed=11, pause_s=1.2)
    assert havoc.faults == []
    assert only_done_or_worn_out(havoc, len(everything))
