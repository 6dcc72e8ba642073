"""Displayed values: "2.50 kHz" as a number, and the raw value at which a DAW displays a wanted one.

Where the curve between a parameter's raw value and what is displayed is not known, the display itself is asked: the raw
value is found by bisecting, which needs no more than that the display rises or falls with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

_NUMBER = re.compile(r"[-+\u2212]?(?:\d+(?:[.,]\d*)?|[.,]\d+|inf)", re.IGNORECASE)
_THOUSAND = {"khz": 1000.0, "k": 1000.0, "s": 1000.0, "sec": 1000.0}
"""Units displayed beside smaller ones: kHz beside Hz, s beside ms."""

STEPS = 40


def number_shown(text: str) -> float | None:
    """In Hz, ms, dB, % or whatever stands there; minus infinity as such; None where no number stands there.

    "2.50 kHz" -> 2500, "1.20 s" -> 1200 (ms), "-inf dB" -> -inf, "3,5 dB" -> 3.5, "4.00 : 1" -> 4.
    """
    found = _NUMBER.search(text)
    if found is None:
        return None
    number = float(found[0].replace("\u2212", "-").replace(",", "."))
    unit = re.match(r"\s*([a-zµ]*)", text[found.end() :].lower())
    return number * _THOUSAND.get(unit[1] if unit else "", 1.0)


def raw_value(show: Callable[[float], str], low: float, high: float, wanted: float) -> float | None:
    """The raw value between `low` and `high` whose display comes nearest to `wanted`; None where none is a number.

    A display that is a number at one end only ("-inf dB") is taken as beyond every number there.
    """
    first, last = number_shown(show(low)), number_shown(show(high))
    if first is None and last is None:
        return None
    rising = (-math.inf if first is None else first) <= (math.inf if last is None else last)
    for end, shown in ((low, first), (high, last)):
        beyond = shown is not None and (wanted <= shown if rising == (end == low) else wanted >= shown)
        if beyond:
            return end
    return _bisected(show, low, high, wanted, rising)


def _bisected(
    show: Callable[[float], str], low: float, high: float, wanted: float, rising: bool
) -> float | None:
    best: tuple[float, float] | None = None
    for _ in range(STEPS):
        middle = (low + high) / 2
        got = number_shown(show(middle))
        if got is None:
            break
        if best is None or abs(got - wanted) < best[0]:
            best = (abs(got - wanted), middle)
        if got == wanted:
            break
        if (got < wanted) == rising:
            low = middle
        else:
            high = middle
    return best[1] if best else None
