"""A map that nobody has written, proposed from a plugin's names and units; shown to a person before it is trusted.

Own definition. Better none than a wrong one: what a plugin calls itself must not speak of another effect, what makes
an effect that effect must be there, and a plugin that works by bands is no plain compressor.
"""

from __future__ import annotations

import re

from bridge.effects import BY_NAME
from bridge.effects.effect import Effect
from bridge.hosting.catalogue import nearest_built_in
from bridge.hosting.mapping import BandSlot, PluginMap, Target
from bridge.hosting.record import PluginParameter, PluginRecord

_CALLED = {
    "threshold_db": ("threshold", "thresh"),
    "ratio": ("ratio",),
    "attack_ms": ("attack",),
    "release_ms": ("release",),
    "knee_db": ("knee",),
    "makeup_db": ("makeup", "outputgain", "gain", "output"),
    "range_db": ("range", "gateclose", "reduction", "floor", "depth"),
    "ceiling_dbtp": ("ceiling", "outputlevel", "limit", "output"),
    "time_ms": ("time", "delay"),
    "feedback": ("feedback", "regen", "repeat"),
    "mix": ("mix", "drywet", "wet", "blend"),
    "drive_db": ("drive", "inputgain", "input"),
    "decay_s": ("decay", "rt60", "reverbtime", "time"),
    "pre_delay_ms": ("predelay", "pre"),
    "damping": ("damp",),
    "width": ("width", "spread"),
    "gain_db": ("gain", "volume", "trim"),
}
"""What makers call our parameters, without spaces; the first word that fits wins."""

_NEEDS: dict[str, tuple[frozenset[str], ...]] = {
    "compressor": (frozenset(("threshold_db",)), frozenset(("ratio",))),
    "gate": (frozenset(("threshold_db",)), frozenset(("range_db", "ratio", "release_ms"))),
    "limiter": (frozenset(("ceiling_dbtp",)), frozenset(("release_ms",))),
    "delay": (frozenset(("time_ms",)), frozenset(("feedback", "mix"))),
    "reverb": (frozenset(("decay_s",)), frozenset(("mix",))),
    "saturation": (frozenset(("drive_db",)),),
    "stereo_width": (frozenset(("width",)),),
    "gain": (frozenset(("gain_db",)),),
}
"""Of each group one must be found, or the plugin is no such effect."""

_ONE_BAND_HZ = 1
"""Frequencies that a plugin of one band may have (a filter before its detector); with more it works by bands."""


def guess(effect: type[Effect], record: PluginRecord) -> PluginMap | None:
    """A map for that effect, not trusted; None where the plugin does not look like one."""
    speaks_of = nearest_built_in(record.name, record.category)
    if speaks_of is not None and speaks_of != effect.name and not _dynamics(record, effect.name, speaks_of):
        return None
    if effect.name == "equalizer":
        bands = _bands(record)
        return _made(record, effect, {}, bands) if bands else None
    numbers = [item for item in record.settable if item.kind == "number"]
    if effect.name in ("compressor", "gate", "limiter") and _frequencies(numbers) > _ONE_BAND_HZ:
        return None
    found = _matched(effect, numbers)
    needed = _NEEDS.get(effect.name)
    if needed is None or not all(group & found.keys() for group in needed):
        return None
    return _made(record, effect, found, ())


def best_guess(record: PluginRecord) -> PluginMap | None:
    """The map of the effect that the plugin's name or category speaks of, else the one that fits most parameters."""
    guesses = [made for kind in BY_NAME.values() if (made := guess(kind, record)) is not None]
    return max(guesses, key=lambda made: len(made.parameters) + len(made.bands), default=None)


def _made(
    record: PluginRecord, effect: type[Effect], found: dict[str, Target], bands: tuple[BandSlot, ...]
) -> PluginMap:
    return PluginMap(plugin=record.name, effect=effect.name, parameters=found, bands=bands, trusted=False)


def _dynamics(record: PluginRecord, effect: str, speaks_of: str) -> bool:
    """Makers' category "Dynamics" is read as a compressor, but gates and limiters are in it too."""
    named = nearest_built_in(record.name) is not None
    return not named and speaks_of == "compressor" and effect in ("gate", "limiter")


def _frequencies(numbers: list[PluginParameter]) -> int:
    return sum(item.unit.lower() in ("hz", "khz") for item in numbers)


def _matched(effect: type[Effect], numbers: list[PluginParameter]) -> dict[str, Target]:
    free = list(numbers)
    found: dict[str, Target] = {}
    for name, span in effect.quantities().items():
        chosen = _chosen(_CALLED.get(name, (name.rsplit("_", 1)[0],)), span.unit, free)
        if chosen is not None:
            free.remove(chosen)
            found[name] = Target(to=chosen.name, factor=_factor(name, span.unit, chosen))
    return found


def _chosen(words: tuple[str, ...], unit: str, free: list[PluginParameter]) -> PluginParameter | None:
    for word in words:
        fits = [item for item in free if word in item.name.replace("_", "") and _units_fit(unit, item.unit)]
        if fits:
            return min(fits, key=lambda item: len(item.name))
    return None


_DECIBELS = {"db", "dbfs", "dbtp", "dbr"}
_SECONDS = {"ms": 1.0, "s": 1000.0}


def _units_fit(ours: str, theirs: str) -> bool:
    """Units that can be converted, or none where ours has none either."""
    ours, theirs = ours.lower(), theirs.lower()
    if ours in _DECIBELS:
        return theirs in _DECIBELS
    if ours in _SECONDS:
        return theirs in _SECONDS
    return theirs in (ours, "", "%", ":1") if ours in ("", ":1") else theirs == ours


def _factor(name: str, ours: str, theirs: PluginParameter) -> float:
    unit = theirs.unit.lower()
    if ours.lower() in _SECONDS and unit in _SECONDS:
        return _SECONDS[ours.lower()] / _SECONDS[unit]
    if name == "range_db" and (theirs.low or 0.0) < 0.0 and (theirs.high or 0.0) <= 0.0:
        return -1.0  # ours says how far it closes, theirs where the gain then is
    return 100.0 if unit == "%" and ours == "" else 1.0


_GAIN, _WIDTH = ("gain", "boost", "cut", "level"), ("q", "bandwidth", "width", "bw")
_SHELVES = {"l": "low_shelf", "low": "low_shelf", "lowshelf": "low_shelf", "ls": "low_shelf"} | {
    "h": "high_shelf", "high": "high_shelf", "highshelf": "high_shelf", "hs": "high_shelf"
}  # fmt: skip
_FREQUENCY = re.compile(r"freq(uency)?")


def _bands(record: PluginRecord) -> tuple[BandSlot, ...]:
    """Every frequency with a gain of the same mark beside it: "frequency_1_hz" and "boost_cut_1_db" are band 1."""
    numbers = [item for item in record.settable if item.kind == "number"]
    gains = {_mark(item, _GAIN): item for item in numbers if item.unit.lower() in _DECIBELS}
    widths = {_mark(item, _WIDTH): item for item in numbers if item.unit.lower() in ("", "oct")}
    slots = []
    for item in numbers:
        if item.unit.lower() != "hz" or not _FREQUENCY.search(item.name):
            continue
        mark = _mark(item, ("frequency", "freq"))
        gain = gains.get(mark) if mark else None
        if mark and gain is not None:
            slots.append(_slot(mark, item, gain, widths.get(mark)))
    return tuple(sorted(slots, key=lambda slot: slot.kind != "bell"))


def _slot(
    mark: str, frequency: PluginParameter, gain: PluginParameter, width: PluginParameter | None
) -> BandSlot:
    target = Target(to=width.name) if width is not None else None
    octaves = width is not None and ("b" in width.name.split("_")[0][:1] or width.unit.lower() == "oct")
    return BandSlot(
        kind=_SHELVES.get(mark, "bell"),
        frequency_hz=frequency.name,
        gain_db=gain.name,
        q=None if octaves else target,
        bandwidth_octaves=target if octaves else None,
    )


def _mark(parameter: PluginParameter, words: tuple[str, ...]) -> str | None:
    """What is left of a name without the words and the unit: "1" of "boost_cut_1_db"; None without such a word."""
    parts = parameter.name.split("_")
    if parts[-1] in ("db", "hz", "oct"):
        parts = parts[:-1]
    rest = [part for part in parts if part not in words]
    return "".join(rest) if len(rest) < len(parts) else None
