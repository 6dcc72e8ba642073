"""The nearest name: what somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None where none is near."""
    by_lower = {item.lower(): item for item in known}
    found = get_close_matches(name.lower()[:80], list(by_lower), n=1, cutoff=0.55)
    return by_lower[found[0]] if found else None
