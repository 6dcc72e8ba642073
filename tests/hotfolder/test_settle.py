"""Quiet is at least three equal looks over the settle time, whatever else happens."""

from __future__ import annotations

import pytest

from bridge.hotfolder.pace import Pace
from bridge.hotfolder.settle import Patience, Settling


def settled_at(marks, times, path="x.wav", settle_s=1.5):
    settling = Settling(Patience(settle_s=settle_s))
    return next((t for mark, t in zip(marks, times, strict=True) if settling.look(path, mark, t)), None)


def test_two_equal_looks_are_not_enough_however_far_apart():
    assert settled_at("aa", [0, 100]) is None


def test_three_equal_looks_within_the_settle_time_are_not_enough():
    assert settled_at("aaaa", [0, 0.1, 0.2, 1.4]) is None


def test_three_equal_looks_over_the_settle_time_are():
    assert settled_at("aaa", [0, 0.8, 1.5]) == 1.5


def test_a_change_starts_the_wait_again():
    assert settled_at("aabbbb", [0, 1.4, 1.5, 2.0, 2.9, 3.0]) == 3.0


def test_a_change_there_and_back_starts_the_wait_again():
    assert settled_at("aabaaa", [0, 0.7, 1.4, 1.6, 2.0, 3.0]) is None


@pytest.mark.parametrize("name", ["x.flac", "x.ogg", "x.MP3"])
def test_a_container_without_a_size_needs_twice_the_quiet(name):
    assert settled_at("aaaa", [0, 0.8, 1.5, 3.0], name) == 3.0


def test_a_recording_header_is_waited_for_longer_than_a_truncated_one():
    patience = Patience()
    assert patience.before_verdict("still_recording") == 60
    assert patience.before_verdict("truncated") == 10
    assert Patience(settle_s=30).before_verdict("truncated") == 30


def test_what_has_gone_is_forgotten():
    settling = Settling(Patience())
    for path in ("a", "b"):
        settling.look(path, 1, 0)
    settling.keep_only({"b"})
    assert ("a" in settling, "b" in settling, len(settling)) == (False, True, 1)


def test_looks_become_rare_while_nothing_changes_and_soon_again_when_it_does():
    pace = Pace(1.5, hints=True)
    idle = [pace.wait_s(settling=False, changed=False, cost_s=0.001) for _ in range(20)]
    assert idle == sorted(idle)
    assert idle[-1] == 10
    assert pace.wait_s(settling=True, changed=False, cost_s=0.001) <= 0.5
    assert pace.wait_s(settling=False, changed=False, cost_s=0.001) < 1


def test_without_a_watcher_a_look_comes_at_least_every_two_seconds():
    pace = Pace(1.5, hints=False)
    assert max(pace.wait_s(settling=False, changed=False, cost_s=0.001) for _ in range(50)) == 2


def test_a_costly_look_makes_the_next_one_later():
    assert Pace(1.5, hints=False).wait_s(settling=False, changed=False, cost_s=0.5) == 50
    assert Pace(1.5, hints=True).wait_s(settling=True, changed=True, cost_s=0.07) == pytest.approx(0.7)
    assert Pace(1.5, hints=True).wait_s(settling=True, changed=True, cost_s=5) == 1
