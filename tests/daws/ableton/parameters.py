"""Parameters of the fake Live: what is out of range raises, and what they display follows curves of this file's own,
for Live's are not published. Only the display may be relied upon.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

Curve = Callable[[float], str]

_pointers = itertools.count(140_000_000_000_000)


class Strict:
    """Attributes that a class does not declare can be neither read nor set; two wrappers of one thing are equal."""

    __slots__ = ("_live_ptr",)

    def __init__(self) -> None:
        self._live_ptr = next(_pointers)


def hertz(value: float) -> str:
    return f"{value / 1000:.2f} kHz" if value >= 1000 else f"{value:.1f} Hz"


def log_hz(low: float, high: float) -> Curve:
    return lambda raw: hertz(low * (high / low) ** raw)


def log_ms(low: float, high: float) -> Curve:
    def show(raw: float) -> str:
        ms = low * (high / low) ** raw
        return f"{ms / 1000:.2f} s" if ms >= 1000 else f"{ms:.1f} ms" if ms < 100 else f"{ms:.0f} ms"

    return show


def decibel(low: float, high: float, digits: int = 1) -> Curve:
    """Bent, so that no straight line is right; silent at the bottom where that is -70."""

    def show(raw: float) -> str:
        db = low + (high - low) * raw**0.7
        return "-inf dB" if low <= -70 and raw <= 0 else f"{db:.{digits}f} dB"

    return show


def percent(raw: float) -> str:
    return f"{100 * raw:.1f} %" if 100 * raw < 10 else f"{100 * raw:.0f} %"


def ratio(raw: float) -> str:
    return "inf : 1" if raw >= 1 else f"{1 / (1 - raw):.2f} : 1"


def quality(raw: float) -> str:
    return f"{0.1 * 180**raw:.2f}"


def plain(unit: str, digits: int = 2) -> Curve:
    return lambda raw: f"{raw:.{digits}f} {unit}".strip()


def fader(raw: float) -> str:
    """40 dB a unit above 0.4, steeper below."""
    if raw <= 0:
        return "-inf dB"
    db = 40 * raw - 34 if raw >= 0.4 else -18 + 52 * math.log10(raw / 0.4)
    return f"{db:.1f} dB"


def pan(raw: float) -> str:
    side = round(50 * raw)
    return "C" if side == 0 else f"{abs(side)}{'L' if side < 0 else 'R'}"


class Parameter(Strict):
    """enabled: False where a macro holds it, and then nothing else may set it."""

    __slots__ = ("_curve", "_items", "_value", "deaf", "enabled", "max", "min", "name", "writes")

    def __init__(
        self,
        name: str,
        value: float,
        low: float = 0.0,
        high: float = 1.0,
        curve: Curve = percent,
        items: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.name, self.min, self.max = name, low, high
        self._curve, self._items, self._value = curve, items, value
        self.enabled, self.deaf = True, 0
        self.writes: list[float] = []

    @property
    def value(self) -> float:
        return self._value

    @value.setter
    def value(self, value: float) -> None:
        if not isinstance(value, int | float):
            raise TypeError("Python argument types did not match C++ signature")
        if not self.enabled:
            raise RuntimeError("Parameter is disabled")
        if not self.min <= value <= self.max:
            raise RuntimeError("Invalid value. Check the parameters range with min/max")
        self.writes.append(value)
        if self.deaf:
            self.deaf -= 1
            return
        self._value = float(round(value)) if self._items else float(value)

    @property
    def is_quantized(self) -> bool:
        return bool(self._items)

    @property
    def is_enabled(self) -> bool:
        return self.enabled

    @property
    def value_items(self) -> tuple[str, ...]:
        if not self._items:
            raise RuntimeError("value_items is only available for quantized parameters")
        return self._items

    def str_for_value(self, value: float) -> str:
        if not self.min <= value <= self.max:
            raise RuntimeError("Invalid value. Check the parameters range with min/max")
        return self._items[round(value - self.min)] if self._items else self._curve(value)


def toggle(name: str, on: bool = False) -> Parameter:
    return Parameter(name, float(on), 0, 1, items=("Off", "On"))


def choice(name: str, at: int, *items: str) -> Parameter:
    return Parameter(name, float(at), 0, len(items) - 1, items=items)
