"""Words for values."""

from __future__ import annotations

from collections.abc import Sequence


def number(value: float | str) -> float:
    """A metric's value as the number it is."""
    return float(value)


def tenth(value: float) -> str:
    """ "-3.1", and never "-0.0"."""
    return f"{round(value, 1) + 0.0:.1f}"


def counted(count: float, thing: str) -> str:
    """ "1 place", "3 places"."""
    return f"{count:.0f} {thing}{'' if round(count) == 1 else 's'}"


def pick(value: float, scale: Sequence[tuple[float, str]]) -> str:
    """The words of the first step whose upper end lies above `value`."""
    return next(words for upper, words in scale if value < upper)
