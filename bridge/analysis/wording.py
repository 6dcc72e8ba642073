"""Words for values."""

from __future__ import annotations

from collections.abc import Sequence


def number(value: float | str) -> float:
    """A metric's value as the number it is."""
    return float(value)


def pick(value: float, scale: Sequence[tuple[float, str]]) -> str:
    """The words of the first step whose upper end lies above `value`."""
    return next(words for upper, words in scale if value < upper)
