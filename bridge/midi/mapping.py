"""MidiMap: which of our parameters turns which control, over which span, by which curve. One TOML file each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bridge.errors import BadInput
from bridge.midi.control import Control, Kind, why_not
from bridge.midi.parameter import Parameter, parameter

Curve = Literal["linear", "log"]
MOST_CONTROLS = 512


class Line(BaseModel):
    """One `[[controls]]` of a map file, as it is written. Exactly one of cc, cc14 and nrpn."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    parameter: str
    cc: int | None = None
    cc14: int | None = None
    nrpn: int | None = None
    channel: int | None = Field(default=None, ge=1, le=16)
    low: float | int | None = None
    high: float | int | None = None
    curve: Curve | None = None
    where: str = "input"
    nth: int = Field(default=1, ge=1, le=64)


class File(BaseModel):
    """A whole map file, as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str
    explains: str = ""
    channel: int = Field(default=16, ge=1, le=16)
    controls: list[Line] = Field(min_length=1, max_length=MOST_CONTROLS)


@dataclass(frozen=True)
class Entry:
    """One parameter on one control. low, high: values in our unit at its first and its last position, either way round.

    where: of which steps: "input", "mix", or a stem's name. nth: of that effect's steps there, 1 for the first.
    """

    parameter: Parameter
    control: Control
    low: float
    high: float
    curve: Curve
    where: str = "input"
    nth: int = 1

    def position(self, value: float | str) -> tuple[int, bool]:
        """Where the control stands for that value, and whether the value lies within its span."""
        if isinstance(value, str):
            value = float(self.parameter.words.index(value))
        held = min(max(value, min(self.low, self.high)), max(self.low, self.high))
        return math.floor(self._share(held) * self.control.highest + 0.5), held == value

    def value(self, position: int) -> float:
        """The value that a position stands for."""
        share = position / self.control.highest
        if self.curve == "log":
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)

    def said(self, position: int) -> str:
        """That value for people: "-17.95 dB", "on"."""
        value = self.value(position)
        if self.parameter.words:
            return self.parameter.words[round(value)]
        return with_unit(value, self.parameter.unit)

    def _share(self, value: float) -> float:
        if self.curve == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def with_unit(value: float, unit: str) -> str:
    """ "-17.953 dBFS", "4:1", "0.3"."""
    return f"{value:.5g}{unit}" if unit.startswith(":") else f"{value:.5g} {unit}".strip()


@dataclass(frozen=True)
class MidiMap:
    """name: the file's. entries: in the order in which they are sent."""

    name: str
    title: str
    explains: str
    entries: tuple[Entry, ...]

    def entry(self, wanted: str) -> Entry:
        """By the parameter's name. Raises BadInput."""
        for entry in self.entries:
            if entry.parameter.name == wanted:
                return entry
        meant = parameter(wanted)  # raises where there is no such parameter at all
        raise BadInput(
            f"The map {self.name!r} has no control for {meant.name}; give it one, or name another map."
        )


def map_of(name: str, data: Mapping[str, Any]) -> MidiMap:
    """Raises BadInput that names the map, the control and what is wrong with it."""
    try:
        file = File.model_validate(dict(data))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "".join(
            f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in first["loc"]
        ).lstrip(".")
        raise BadInput(f"MIDI map {name}: {place}: {first['msg']}.") from None
    entries = []
    for number, line in enumerate(file.controls, 1):
        try:
            entries.append(_entry(line, file.channel))
        except BadInput as error:
            raise BadInput(f"MIDI map {name}: controls[{number}]: {error.message}") from None
    _apart(name, entries)
    return MidiMap(name, file.title, file.explains, tuple(entries))


def _entry(line: Line, channel: int) -> Entry:
    meant = parameter(line.parameter)
    low, high = _span(line, meant)
    curve: Curve = line.curve or (meant.quantity.scale if meant.quantity else "linear")
    if curve == "log" and line.curve is None and not low * high > 0:
        curve = "linear"
    if low == high:
        raise BadInput(f"low and high are both {low:g}; a control turns from one value to another.")
    if curve == "log" and not (low > 0 and high > 0):
        raise BadInput(f"a log curve from {low:g} to {high:g} needs both above 0.")
    return Entry(meant, _control(line, channel), low, high, curve, line.where, line.nth)


def _control(line: Line, channel: int) -> Control:
    written: tuple[tuple[Kind, int | None], ...] = (("cc", line.cc), ("cc14", line.cc14), ("nrpn", line.nrpn))
    given = [(kind, number) for kind, number in written if number is not None]
    if len(given) != 1:
        raise BadInput("give exactly one of cc, cc14 and nrpn.")
    kind, number = given[0]
    why = why_not(kind, number)
    if why:
        raise BadInput(f"{why}.")
    return Control(kind, number, line.channel or channel)


def _span(line: Line, meant: Parameter) -> tuple[float, float]:
    """Of the file, which tells what the DAW's own parameter reaches, be it more or less than ours; else that of ours.
    Words are counted from 0."""
    if meant.quantity is None:
        if line.low is not None or line.high is not None:
            raise BadInput(f"{meant.name} is one of {', '.join(meant.words)}; it has no low and high.")
        return 0.0, float(len(meant.words) - 1)
    low = meant.quantity.low if line.low is None else float(line.low)
    high = meant.quantity.high if line.high is None else float(line.high)
    return low, high


def _apart(name: str, entries: list[Entry]) -> None:
    """No control turns two parameters, and no parameter is on two controls of one place."""
    taken: dict[tuple[object, ...], str] = {}
    for entry in entries:
        control, what = entry.control, entry.parameter.name
        keys: list[tuple[object, ...]] = [("cc", control.channel, cc) for cc in control.takes]
        keys += [("nrpn", control.channel, control.number)] if control.kind == "nrpn" else []
        keys.append((what, entry.where, entry.nth))
        for key in keys:
            if key in taken:
                raise BadInput(
                    f"MIDI map {name}: {what} and {taken[key]} are both on {control}; give each its own."
                )
            taken[key] = what
