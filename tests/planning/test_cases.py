"""The case files: realistic requests with what an engineer expects of them (cases*.toml)."""

from __future__ import annotations

import json

import pytest

from tests.planning.casebook import CASES, UNSEEN, cases, misses, played, shortfalls


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case['words'][:40]}" for i, case in enumerate(CASES)])
def test_an_engineer_would_expect_this(case):
    outcome, before = played(case)
    if "missed" in case:
        assert misses(case, outcome, before), "it is met now: take the mark away"
        return
    assert not misses(case, outcome, before), json.dumps(outcome.to_json(), indent=1)[:3000]


_UNSEEN = [(book, case) for book in UNSEEN for case in cases(book)]


@pytest.mark.parametrize(
    ("book", "case"),
    _UNSEEN,
    ids=[f"{book}-{i}-{case['words'][:40]}" for i, (book, case) in enumerate(_UNSEEN)],
)
def test_a_stranger_would_expect_this(book, case):
    short = shortfalls(case)
    if "missed" in case:
        assert short, f"{book}: it is met now: take the mark away"
    else:
        assert short == []


def test_there_are_at_least_600_cases_and_nine_in_ten_are_met():
    assert len(CASES) >= 600
    assert sum("missed" in case for case in CASES) <= 0.1 * len(CASES)
