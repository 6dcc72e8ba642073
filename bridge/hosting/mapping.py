"""Maps: our effects' parameters on a plugin's own, so that "use my ZamComp for compression" is a plan.

A map is one TOML file; `presets/plugins/README.md` is its format. One that nobody has written can be guessed from
names and units; it is `trusted` only once a person has looked at it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bridge.effects import BY_NAME
from bridge.effects.effect import Effect
from bridge.effects.equalizer import Band
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.effects.quantity import quantity_of
from bridge.errors import BadInput, BadPlan
from bridge.hosting.catalogue import nearest_built_in
from bridge.hosting.parameters import number
from bridge.hosting.record import PluginParameter, PluginRecord
from bridge.presets.data import tables
from bridge.units import octaves_from_q

Value = bool | float | str


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _not_zero(factor: float) -> float:
    if factor == 0.0:
        raise ValueError("a factor of 0 makes one value of all")
    return factor


class Target(_Data):
    """Which of the plugin's parameters, and how ours becomes it: theirs = ours * factor + offset, or, where `points`
    of (ours, theirs) were measured, along them; between them by the logarithm of ours. also: set to the same."""

    to: str
    also: tuple[str, ...] = ()
    factor: Annotated[float, AfterValidator(_not_zero)] = 1.0
    offset: float = 0.0
    points: tuple[tuple[Annotated[float, Field(gt=0)], float], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _plain_name(cls, data: object) -> object:
        """`threshold_db = "threshold_db"` is all that most parameters need."""
        return {"to": data} if isinstance(data, str) else data

    def theirs(self, ours: float) -> float:
        if not self.points:
            return ours * self.factor + self.offset
        xs, ys = zip(*sorted(self.points), strict=True)
        return float(np.interp(math.log(max(ours, 1e-9)), np.log(xs), ys))

    def ours(self, theirs: float) -> float:
        """The inverse of `theirs`; beyond the points, the nearest one."""
        if not self.points:
            return (theirs - self.offset) / self.factor
        ys, xs = zip(*sorted((there, math.log(here)) for here, there in self.points), strict=True)
        return float(math.exp(np.interp(theirs, ys, xs)))


class BandSlot(_Data):
    """A band of an equaliser by its parameters; `bandwidth_octaves` where it wants that instead of a Q."""

    kind: str
    frequency_hz: str
    gain_db: str
    q: Target | None = None
    bandwidth_octaves: Target | None = None
    on: str | None = None


class PluginMap(_Data):
    """plugin and effect by name; parameters: ours to theirs; fixed: theirs that are always set so; bands: of an
    equaliser, used from the first on. trusted: written or confirmed by a person."""

    plugin: str
    effect: str
    checked: str = ""
    parameters: dict[str, Target] = Field(default_factory=dict)
    fixed: dict[str, Value] = Field(default_factory=dict)
    bands: tuple[BandSlot, ...] = ()
    trusted: bool = True


def load_maps(folder: Path | None = None, own: Path | None = None) -> dict[str, PluginMap]:
    """Every map by the plugin's name. Raises BadInput, which names the file.

    folder: of the presets that are shipped. own: the user's, in which a map wins over a shipped one.
    """
    found = [tables("plugins", folder)] + ([tables("plugins", own)] if own is not None else [])
    made = [map_of(name, data) for files in found for name, data in files.items()]
    return {item.plugin: item for item in made}


def map_of(name: str, data: dict[str, Any]) -> PluginMap:
    """A map from its table. name: of its file. Raises BadInput."""
    try:
        found = PluginMap.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"Plugin map {name}.toml: {where}: {first['msg']}.") from error
    known = BY_NAME.get(found.effect)
    if known is None:
        raise BadInput(f"Plugin map {name}.toml: there is no effect {found.effect!r}.")
    unknown = [key for key in found.parameters if key not in known.model_fields]
    if unknown:
        raise BadInput(f"Plugin map {name}.toml: {found.effect} has no parameter {unknown[0]!r}.")
    return found


def hosted(effect: Effect, found: PluginMap, record: PluginRecord) -> tuple[HostedPlugin, tuple[str, ...]]:
    """The effect played by the plugin, with a sentence for everything that the plugin cannot do as asked.

    Make-up that is measured is measured around the plugin, whose own then stays at 0 dB.
    Raises BadPlan where map, effect and plugin do not belong together.
    """
    if found.effect != effect.name or found.plugin != record.name:
        raise BadPlan(
            f"The map of {found.plugin} for {found.effect} is none of {record.name} for {effect.name}."
        )
    theirs = {item.name: item for item in record.settable}
    notes: list[str] = []
    settings: dict[str, Value] = {}
    as_loud = bool(getattr(effect, "auto_makeup", False))
    plain = {"makeup_db": 0.0} if as_loud and "makeup_db" in type(effect).model_fields else {}
    for name, value in (effect.parameters() | plain).items():
        target = found.parameters.get(name)
        if target is not None:
            for to in (target.to, *target.also):
                one = target.model_copy(update={"to": to})
                settings[to] = _value(value, one, theirs, notes, record.name)
        elif name not in ("bands", *effect.refines) and value not in (
            type(effect).model_fields[name].default,
            found.fixed.get(name),
        ):
            notes.append(f"{record.name} has nothing for {name} = {value}.")
    settings.update(_bands(effect, found, theirs, notes, record.name))
    settings |= {name: value for name, value in found.fixed.items() if name not in settings}
    identity = {
        "name": record.name,
        "file": record.file,
        "identifier": record.identifier,
        "version": record.version,
    }
    tail_s = record.deep.tail_s if record.deep is not None and record.deep.tail_s else effect.tail_s()
    plugin = {key: value for key, value in identity.items() if value}
    made = {
        "plugin": plugin,
        "parameters": settings,
        "tail_seconds": min(60.0, max(tail_s, effect.tail_s())),
        "keep_loudness": as_loud,
    }
    return HostedPlugin.model_validate(made), tuple(notes)


def _value(
    value: Any, target: Target, theirs: Mapping[str, PluginParameter], notes: list[str], plugin: str
) -> Value:
    parameter = theirs.get(target.to)
    if parameter is None:
        raise BadPlan(f"The map of {plugin} names {target.to!r}, which the plugin does not have.")
    if isinstance(value, (bool, str)):
        return value
    wanted = target.theirs(value)
    low, high = parameter.low, parameter.high
    if low is None or high is None:
        return bool(wanted) if parameter.kind == "switch" else float(wanted)
    held = min(max(wanted, low), high)
    if not math.isclose(held, wanted, rel_tol=1e-6, abs_tol=1e-6):
        unit = f" {parameter.unit}" if parameter.unit else ""
        notes.append(f"{plugin} {target.to}: {wanted:g}{unit} is held at {held:g}{unit}.")
    return held


def _bands(
    effect: Effect, found: PluginMap, theirs: Mapping[str, PluginParameter], notes: list[str], plugin: str
) -> dict[str, Value]:
    """Each band into the first free slot of its kind; slots that stay free are set to 0 dB."""
    free = list(found.bands)
    settings: dict[str, Value] = {}
    for band in getattr(effect, "bands", ()):
        slot = next((item for item in free if item.kind == band.kind), None)
        if slot is None:
            kind = band.kind.replace("_", " ")
            raise BadPlan(f"{plugin} has no (further) {kind}; leave this band to the built-in equalizer.")
        free.remove(slot)
        wanted = [(Target(to=slot.frequency_hz), band.frequency_hz), (Target(to=slot.gain_db), band.gain_db)]
        if slot.q:
            wanted.append((slot.q, band.q))
        elif slot.bandwidth_octaves:
            wanted.append((slot.bandwidth_octaves, octaves_from_q(band.q)))
        for target, value in wanted:
            settings[target.to] = _value(value, target, theirs, notes, plugin)
        if slot.on:
            settings[slot.on] = True
    return {slot.gain_db: 0.0 for slot in free if getattr(effect, "bands", ())} | settings


def substitute(step: HostedPlugin, found: PluginMap | None) -> Effect | None:
    """The built-in effect that comes nearest to a plugin's step, for where the plugin is missing.

    found: the plugin's map, read backwards: what the step sets comes out in our parameters, held within their spans;
    what it does not set has our default. Without a map the plugin's name says which effect it may be, and parameters
    of the same name and unit are taken over. None where nothing of ours comes near: no such effect, or one that
    would do nothing, as an equaliser whose bands are not known. A state cannot be read, and is left out.
    """
    name = found.effect if found is not None else nearest_built_in(step.plugin.name)
    if name is None:
        return None
    kind = BY_NAME[name]
    values = _ours(step.settings, kind, found) if found is not None else _same_named(step.settings, kind)
    bands = _our_bands(step.settings, found) if found is not None else []
    if name == "equalizer" and not bands:
        return None
    if step.keep_loudness and "auto_makeup" in kind.model_fields:
        values["auto_makeup"] = True
    return kind.model_validate(values | ({"bands": bands} if bands else {}))


def _ours(settings: Mapping[str, Value], kind: type[Effect], found: PluginMap) -> dict[str, Value]:
    values: dict[str, Value] = {}
    spans = kind.quantities()
    for name, target in found.parameters.items():
        value = _number(settings.get(target.to), target.to)
        if value is not None and name in spans:
            values[name] = spans[name].clamp(target.ours(value))
    return values


def _same_named(settings: Mapping[str, Value], kind: type[Effect]) -> dict[str, Value]:
    numbers = {name: (span, _number(settings.get(name), name)) for name, span in kind.quantities().items()}
    return {name: span.clamp(value) for name, (span, value) in numbers.items() if value is not None}


def _our_bands(settings: Mapping[str, Value], found: PluginMap) -> list[dict[str, Value]]:
    spans = {name: quantity_of(info) for name, info in Band.model_fields.items()}
    bands: list[dict[str, Value]] = []
    for slot in found.bands:
        frequency_hz = _number(settings.get(slot.frequency_hz), slot.frequency_hz)
        gain_db = _number(settings.get(slot.gain_db), slot.gain_db)
        if not frequency_hz or not gain_db or (slot.on and settings.get(slot.on) is False):
            continue
        numbers = {"frequency_hz": frequency_hz, "gain_db": gain_db}
        width = slot.q or slot.bandwidth_octaves
        theirs = _number(settings.get(width.to), width.to) if width else None
        if width is not None and theirs is not None:
            ours = width.ours(theirs)
            numbers["q"] = ours if slot.q else q_of_octaves(ours)
        held = {name: span.clamp(numbers[name]) for name, span in spans.items() if span and name in numbers}
        bands.append({"kind": slot.kind, **held})
    return bands


def q_of_octaves(octaves: float) -> float:
    """The inverse of `octaves_from_q`."""
    return 1.0 / (2.0 * math.sinh(math.log(2.0) / 2.0 * max(octaves, 1e-3)))


def _number(value: Value | None, name: str) -> float | None:
    """A setting as a number in the unit that its name ends with; None for switches, choices and what is not set."""
    if value is None or isinstance(value, bool):
        return None
    unit = _ENDINGS.get(name.rsplit("_", 1)[-1], "")
    try:
        return number(value, PluginParameter(name=name, title=name, unit=unit, kind="number"), "")
    except BadPlan:
        return None


_ENDINGS = {"db": "dB", "hz": "Hz", "ms": "ms", "s": "s", "oct": "oct"}
