"""The table of states, and ids that sort by age."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from bridge.jobs.ids import is_id, new_ids
from bridge.jobs.states import FINAL, LOST_RUN, TRANSITIONS, WAITING, allowed


def test_every_state_can_be_left_or_is_an_end_and_every_end_can_be_reached():
    reached = {state for targets in TRANSITIONS.values() for state in targets}
    assert set(TRANSITIONS) - reached == set()
    assert TRANSITIONS["done"] == frozenset()
    for state, targets in TRANSITIONS.items():
        assert targets or state == "done"
        if state not in FINAL:
            assert "failed" in targets


def test_a_lost_run_goes_where_the_table_allows():
    assert all(allowed(state, back) and back in WAITING for state, back in LOST_RUN.items())


def test_ids_sort_by_age_and_are_safe_as_names():
    ids = new_ids(5000, None)
    assert ids == sorted(set(ids))
    assert all(is_id(text) and text == text.lower() and len(text) == 13 for text in ids)


def test_ids_rise_even_when_the_clock_is_set_back(monkeypatch):
    now = new_ids(3, None)
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    later = new_ids(2, now[-1])
    assert all(earlier < after for earlier, after in pairwise([*now, *later]))


@pytest.mark.parametrize("name", ["", "..", "u" * 13, "01j3xk2v8q4mi", "01J3XK2V8Q4M7", "result.json"])
def test_what_is_no_id_is_no_folder(name):
    assert not is_id(name)
