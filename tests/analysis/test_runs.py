"""Runs: where a row of yes and no stays at yes."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis.runs import runs


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("", []),
        ("....", []),
        ("xxxx", [(0, 4)]),
        ("x...", [(0, 1)]),
        ("...x", [(3, 4)]),
        (".xx.x", [(1, 3), (4, 5)]),
        ("x.xx.xxx", [(0, 1), (2, 4), (5, 8)]),
    ],
)
def test_a_run_begins_at_its_first_yes_and_ends_before_the_next_no(marks, expected):
    assert runs(np.array([mark == "x" for mark in marks], np.bool_)) == expected
