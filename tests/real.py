"""Real things that tests need: skipped loudly where one is missing, a failure with CI=true."""

from __future__ import annotations

import os

import pytest


def must_have(what: str, there: bool) -> None:
    """Skips where a real component is missing; with CI=true that is a failure."""
    if there:
        return
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{what} is missing, and CI=true forbids to go on without it")
    pytest.skip(f"{what} is missing")
