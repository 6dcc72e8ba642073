"""The case files: realistic requests with what an engineer expects of them (cases*.toml)."""

from __future__ import annotations

import json

import pytest

from tests.planning.casebook import CASES, misses, played


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case['words'][:40]}" for i, case in enumerate(CASES)])
def test_an_engineer_would_expect_this(case):
    outcome, before = played(case)
    assert not misses(case, outcome, before), json.dumps(outcome.to_json(), indent=1)[:3000]


def test_there_are_at_least_400_cases():
    assert len(CASES) >= 400
