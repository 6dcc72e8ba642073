"""What a parameter displays over its range, asked for many values at once: value by value each would take a tick."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

_SAME = 1e-7
"""Of the range: nearer values are one."""


class Shown:
    """ask: displayed texts of some values, in their order. low, high: of the parameter. points: into how many parts
    one question cuts the stretch that is left.

    The display is taken to rise or fall with the value, as bisecting does: between two values that display the same
    nothing else is displayed.
    """

    def __init__(
        self, ask: Callable[[Sequence[float]], Sequence[str]], low: float, high: float, points: int
    ) -> None:
        self._ask, self._low, self._high, self._points = ask, low, high, points
        self._values: list[float] = []
        self._texts: dict[float, str] = {}

    def at(self, value: float) -> str:
        found = self._known(value)
        if found is None:
            self._learn(value)
            found = self._texts[value]
        return found

    def _known(self, value: float) -> str | None:
        at = bisect_left(self._values, value)
        around = self._values[max(0, at - 1) : at + 1]
        near = [known for known in around if abs(known - value) <= _SAME * (self._high - self._low)]
        if near:
            return self._texts[near[0]]
        texts = {self._texts[known] for known in around}
        return texts.pop() if len(around) == 2 and len(texts) == 1 else None

    def _learn(self, value: float) -> None:
        at = bisect_left(self._values, value)
        low = self._values[at - 1] if at else self._low
        high = self._values[at] if at < len(self._values) else self._high
        grid = [low + (high - low) * n / self._points for n in range(self._points + 1)]
        wanted = sorted({*grid, value} - set(self._values))
        for each, text in zip(wanted, self._ask(wanted), strict=True):
            self._texts[each] = text
        self._values = sorted(self._texts)
