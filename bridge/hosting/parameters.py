"""A plugin's parameters as plans speak of them: real units, strict names, and the way back to the raw 0..1 value.

pedalboard finds out what a parameter means by asking the plugin for its text at 1,001 raw values; `ranges` maps
stretches of raw values to what they read. Setting by attribute snaps to that grid and takes misspelt names and NaN
without a word, so that nothing here ever uses `setattr` with a name from a plan.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.errors import BadPlan
from bridge.hosting.record import Kind, PluginParameter

Raw = float
"""A plugin's own normalised value, 0..1."""

GRID = 1000
"""Steps in which pedalboard samples a parameter."""

MAX_CHOICES = 128

_HOST_OWNED = {"buffer_size_frames", "sample_rate_frames", "latency_frames", "current_program"}
"""What DPF plugins show beside their parameters; `latency_frames` is not even true."""

_METERS = re.compile(r"^gain_reduction|^output_level|_meter(_db)?$")
"""Meters of some plugins look settable and do not move in a scan."""

_SCALES = {
    "hz": ("Hz", 1.0),
    "khz": ("Hz", 1000.0),
    "k": ("Hz", 1000.0),
    "us": ("s", 1e-6),
    "µs": ("s", 1e-6),
    "ms": ("s", 1e-3),
    "s": ("s", 1.0),
    "sec": ("s", 1.0),
    "seconds": ("s", 1.0),
    "db": ("dB", 1.0),
    "%": ("%", 1.0),
    "percent": ("%", 1.0),
    "st": ("st", 1.0),
    "semitones": ("st", 1.0),
    "ct": ("st", 0.01),
    "cents": ("st", 0.01),
    ":1": (":1", 1.0),
    "x": (":1", 1.0),
}
_NUMBER = re.compile(r"\s*([-+−]?\d*[.,]?\d+(?:e[-+]?\d+)?)\s*([^\d\s].*?)?\s*$", re.IGNORECASE)
_TRUE = {"on", "true", "yes", "enabled", "1"}
_FALSE = {"off", "false", "no", "disabled", "0"}


class Table:
    """One parameter with its way from a value in real units to the raw value.

    source: pedalboard's parameter, or anything with its `ranges`, `name`, `label`, `num_steps`, ...
    """

    def __init__(self, key: str, source: Any, moved: bool = False) -> None:
        self.key = key
        self._spans = _spans(source.ranges)
        self.parameter = _describe(key, source, self._spans, moved)
        self._values, self._raws = _knots(self._spans) if self.parameter.kind == "number" else _NO_KNOTS
        self._law = _law(self._values, self._raws)

    def raw(self, value: object, plugin: str) -> Raw:
        """The raw value 0..1 for `value`; BadPlan where it is of the wrong kind or out of range."""
        kind = self.parameter.kind
        if kind == "number":
            return self._raw_of_number(number(value, self.parameter, plugin))
        if kind == "switch":
            return self._raw_of_switch(value, plugin)
        return self._raw_of_choice(value, plugin)

    def _raw_of_number(self, wanted: float) -> Raw:
        if self._law is not None:
            low, high = self._law(self._values[[0, -1]])
            return float(np.clip((self._law(wanted) - low) / (high - low), 0.0, 1.0))
        if np.all(np.diff(self._values) > 0):
            return float(np.interp(wanted, self._values, self._raws))
        if np.all(np.diff(self._values) < 0):
            return float(np.interp(wanted, self._values[::-1], self._raws[::-1]))
        return float(self._raws[int(np.argmin(np.abs(self._values - wanted)))])

    def _raw_of_switch(self, value: object, plugin: str) -> Raw:
        word = str(value).strip().lower() if not isinstance(value, float) else f"{value:g}"
        if word in _TRUE or word in _FALSE:
            return _middle(*self._spans[-1][:2]) if word in _TRUE else _middle(*self._spans[0][:2])
        raise BadPlan(f"{plugin}: {self.key} is a switch and takes true or false, not {value!r}.")

    def _raw_of_choice(self, value: object, plugin: str) -> Raw:
        wanted = str(value).strip().lower()
        for start, end, text in self._spans:
            if str(text).strip().lower() == wanted:
                return _middle(start, end)
        near = nearest(str(value), [str(text) for _, _, text in self._spans])
        raise BadPlan(f"{plugin}: {self.key} has no choice {value!r}; it has {near}.")


def _spans(ranges: Mapping[tuple[float, float], Any]) -> list[tuple[float, float, Any]]:
    """pedalboard's [start, end) stretches as [first, last sampled raw value] with what they read, in order."""
    ordered = sorted(ranges.items())
    last = len(ordered) - 1
    return [
        (start, 1.0 if n == last else max(start, end - 1.0 / GRID), value)
        for n, ((start, end), value) in enumerate(ordered)
    ]


def _middle(start: float, end: float) -> Raw:
    return (start + end) / 2


_NO_KNOTS: tuple[NDArray[np.float64], NDArray[np.float64]] = (np.zeros(0), np.zeros(0))


def _knots(spans: list[tuple[float, float, Any]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(values, raws): the middle of each stretch, because a text rounds to the nearest; the ends stay the ends."""
    finite = [(start, end, float(value)) for start, end, value in spans if math.isfinite(float(value))]
    raws = np.array([_middle(start, end) for start, end, _ in finite])
    values = np.array([value for _, _, value in finite])
    if raws.size > 1:
        raws[0], raws[-1] = finite[0][0], finite[-1][1]
    return values, raws


def _law(values: NDArray[np.float64], raws: NDArray[np.float64]) -> Callable[[Any], Any] | None:
    """How the raw value follows from the value, if that is a straight line or a logarithm as closely as the plugin's
    texts can tell: then the rounding of the texts does not matter. None where it is neither."""
    if values.size < 3 or raws[0] > 0 or raws[-1] < 1 or values[0] == values[-1]:
        return None
    decimals = next((n for n in range(7) if np.array_equal(np.round(values, n), values)), 7)
    slack = 0.75 * 10.0**-decimals + 4e-7 * float(
        np.max(np.abs(values))
    )  # the texts' rounding and a float32's
    straight = values[0] + (values[-1] - values[0]) * raws
    if np.max(np.abs(straight - values)) <= slack:
        return lambda value: value
    if values.min() > 0:
        bent = values[0] * (values[-1] / values[0]) ** raws
        if np.max(np.abs(bent - values)) <= slack:
            return np.log
    return None


def _describe(key: str, source: Any, spans: list[tuple[float, float, Any]], moved: bool) -> PluginParameter:
    texts = [value for _, _, value in spans]
    numeric = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in texts)
    finite = [float(value) for value in texts if math.isfinite(float(value))] if numeric else []
    switch = len(texts) == 2 and (all(isinstance(v, bool) for v in texts) or finite == [0.0, 1.0])
    kind: Kind = "switch" if switch else "number" if finite else "choice"
    default = _default(spans, float(source.default_raw_value), numeric and not switch)
    return PluginParameter(
        name=key,
        title=str(source.name),
        unit=(source.label or "").strip(),
        kind=kind,
        low=min(finite) if kind == "number" else None,
        high=max(finite) if kind == "number" else None,
        choices=tuple(str(v) for v in texts[:MAX_CHOICES]) if kind == "choice" else (),
        default=bool(default) if kind == "switch" else default if _is_finite(default) else None,
        steps=len(texts) if len(texts) <= MAX_CHOICES else None,
        automatable=bool(source.is_automatable),
        hidden=_hidden(key, bool(source.is_automatable), moved),
    )


def _is_finite(value: object) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _default(spans: list[tuple[float, float, Any]], raw: Raw, numeric: bool) -> Any:
    """What the default reads as; between two sampled values in between them."""
    values, raws = _knots(spans) if numeric else _NO_KNOTS
    return round(float(np.interp(raw, raws, values)), 4) if values.size else _at(spans, raw)


def _at(spans: list[tuple[float, float, Any]], raw: Raw) -> Any:
    return next((value for start, _, value in reversed(spans) if start <= raw + 1e-9), spans[0][2])


def _hidden(key: str, automatable: bool, moved: bool) -> str | None:
    if key in _HOST_OWNED:
        return "belongs to the host"
    if moved or _METERS.search(key):
        return "is a meter: it moves by itself"
    return None if automatable else "is an output of the plugin"


def number(value: object, parameter: PluginParameter, plugin: str) -> float:
    """`value` (a number, or text such as "-6 dB", "2 kHz") in the parameter's own unit, finite and in range."""
    found = _plain(value, parameter, plugin)
    low, high = parameter.low, parameter.high
    if not math.isfinite(found):
        raise BadPlan(f"{plugin}: {parameter.name} = {value} is no number that a plugin can be set to.")
    slack = 1e-6 * max(1.0, abs(low or 0.0), abs(high or 0.0))
    if low is not None and high is not None and not low - slack <= found <= high + slack:
        unit = f" {parameter.unit}" if parameter.unit else ""
        raise BadPlan(
            f"{plugin}: {parameter.name} = {found:g}{unit} is out of its range {low:g} to {high:g}{unit}."
        )
    return found


def _plain(value: object, parameter: PluginParameter, plugin: str) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    match = _NUMBER.match(value) if isinstance(value, str) else None
    if match is None:
        raise BadPlan(f"{plugin}: {parameter.name} takes a number, not {value!r}.")
    amount = float(match[1].replace("−", "-").replace(",", "."))
    return amount * _factor(match[2], parameter, plugin)


def _factor(unit: str | None, parameter: PluginParameter, plugin: str) -> float:
    """From the unit that was written to the parameter's own; a parameter without one takes any."""
    if not unit or not parameter.unit or unit.lower() == parameter.unit.lower():
        return _SCALES.get((unit or "").lower(), ("", 1.0))[1] if unit and not parameter.unit else 1.0
    written, own = _SCALES.get(unit.lower()), _SCALES.get(parameter.unit.lower())
    if written is None or own is None or written[0] != own[0]:
        raise BadPlan(f"{plugin}: {parameter.name} is in {parameter.unit}, not in {unit}.")
    return written[1] / own[1]


def nearest(name: str, names: Iterable[str], most: int = 4) -> str:
    """The names that come nearest to `name`, for a message; the first few where none does."""
    known = list(dict.fromkeys(names))
    lower = {item.lower(): item for item in reversed(known)}
    close = [lower[item] for item in difflib.get_close_matches(name.lower(), lower, n=most, cutoff=0.4)]
    chosen = close or known[:most]
    return (
        ", ".join(chosen) + (", ..." if len(known) > len(chosen) and not close else "") if chosen else "none"
    )


def tables(plugin: Any, before: Mapping[str, Raw] | None = None) -> dict[str, Table]:
    """Every parameter of a loaded plugin by name.

    before: raw values from before it was given sound; one that has moved since is a meter.
    """
    found: dict[str, Table] = {}
    for key, source in plugin.parameters.items():
        moved = before is not None and abs(float(source.raw_value) - before.get(key, 0.0)) > 1e-6
        found[key] = Table(key, source, moved)
    return found


def raw_values(known: Mapping[str, Table], wanted: Mapping[str, object], plugin: str) -> dict[str, Raw]:
    """Plan parameters to raw values by the plugin's own key; the whole wish is checked before anything is set.

    Names are the plugin's ("threshold_db") or its titles ("Threshold"); others are BadPlan, with the nearest ones.
    """
    titles = {table.parameter.title.lower(): key for key, table in known.items()}
    settable = [key for key, table in known.items() if table.parameter.hidden is None]
    raws: dict[str, Raw] = {}
    for name, value in wanted.items():
        key = name if name in known else titles.get(name.strip().lower(), "")
        if key not in known:
            raise BadPlan(f"{plugin} has no parameter {name!r}; nearest: {nearest(name, settable)}.")
        table = known[key]
        if table.parameter.hidden is not None:
            raise BadPlan(f"{plugin}: {name} cannot be set, it {table.parameter.hidden}.")
        raws[key] = table.raw(value, plugin)
    return raws
