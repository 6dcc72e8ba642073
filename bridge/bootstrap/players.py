"""What planning asks of hosting: which of our effects the plugins here can play, and how, from maps and presets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import BadInput, BadPlan

if TYPE_CHECKING:
    from bridge.effects.effect import Effect
    from bridge.effects.hosted_plugin import HostedPlugin
    from bridge.hosting import Catalogue, PluginRecord
    from bridge.hosting.mapping import PluginMap
    from bridge.hosting.own_maps import BrokenMap
    from bridge.planning.context import KnownPlugin


def own_presets() -> Path:
    """The user's folder of presets, beside config.toml; its `plugins` holds maps and plugin presets."""
    from bridge.config.load import default_file

    return default_file().parent / "presets"


def plugin_maps(own: Path | None = None) -> dict[str, PluginMap]:
    """The maps by the plugin's name, the user's before ours. One of the user's that is broken is left out, so that no
    typo stops the planning; `broken_maps` tells which."""
    from bridge.hosting.mapping import load_maps
    from bridge.hosting.own_maps import own_maps

    found, _ = own_maps(own_presets() if own is None else own)
    return load_maps() | found


def broken_maps(own: Path | None = None) -> tuple[BrokenMap, ...]:
    """The user's maps that cannot be used."""
    from bridge.hosting.own_maps import own_maps

    return own_maps(own_presets() if own is None else own)[1]


def labelled(records: Iterable[PluginRecord]) -> dict[str, PluginRecord]:
    """The plugins by a name that is each one's alone: "Comp (Acme)" where several are called Comp.

    The same plugin installed twice is one; the first counts, as it does where a plan's plugin is looked for.
    """
    by_name: dict[str, list[PluginRecord]] = {}
    for record in records:
        alike = by_name.setdefault(record.name.lower(), [])
        if not any(_twice(record, other) for other in alike):
            alike.append(record)
    found: dict[str, PluginRecord] = {}
    for alike in by_name.values():
        found |= {label(record, alike): record for record in alike}
    return found


def _twice(one: PluginRecord, two: PluginRecord) -> bool:
    """Whether two bundles hold the same plugin."""
    if not one.identifier and not two.identifier:
        return one.vendor == two.vendor and one.parameters == two.parameters and one.usable == two.usable
    return one.identifier == two.identifier


def label(record: PluginRecord, alike: list[PluginRecord]) -> str:
    """What tells it from the others of its name: its maker, its bundle, or where that lies."""
    if len(alike) == 1:
        return record.name
    told = (record.vendor, Path(record.file).stem, record.file)
    spelt = ([item.vendor, Path(item.file).stem, item.file] for item in alike)
    columns = list(zip(*spelt, strict=True))
    own = next(text for text, column in zip(told, columns, strict=True) if text and column.count(text) == 1)
    return f"{record.name} ({own})"


class MappedPlayers:
    """The `Players` of planning. records: by the scan; maps: by the plugin's name; own: the user's presets folder."""

    def __init__(
        self,
        records: Iterable[PluginRecord],
        maps: Mapping[str, PluginMap],
        own: Path | None = None,
    ) -> None:
        self._records = {label.lower(): record for label, record in labelled(records).items()}
        self._maps = maps
        self._own = own

    def play(self, plugin: str, effect: Effect) -> tuple[HostedPlugin, tuple[str, ...]]:
        from bridge.hosting.mapping import hosted

        record = self._records.get(plugin.lower())
        found = self._maps.get(record.name) if record is not None else None
        if record is None or found is None or found.effect != effect.name or not found.trusted:
            raise BadPlan(f"{plugin} has no map for {effect.name}.")
        return hosted(effect, found, record)

    def preset(self, plugin: str, preset: str) -> HostedPlugin:
        from bridge.hosting.presets import named, read

        record = self._records.get(plugin.lower())
        if record is None:
            raise BadInput(f"{plugin} is not on this machine.")
        return read(named(record, preset, self._own), record.name)

    def instead(self, plugin: HostedPlugin) -> Effect | None:
        from bridge.hosting.mapping import substitute

        return substitute(plugin, self._maps.get(plugin.plugin.name))


def known(
    catalogue: Catalogue,
    records: Iterable[PluginRecord],
    maps: Mapping[str, PluginMap],
    own: Path | None = None,
) -> tuple[KnownPlugin, ...]:
    """The plugins that plans may name: the scanned ones, and those that are not here but that a map knows."""
    broken = broken_maps(own) if own is not None else ()
    told = labelled(records)
    here = [_known(catalogue, record, maps, own, name, broken) for name, record in told.items()]
    names = {record.name for record in told.values()}
    return (*here, *(_missing(item) for name, item in maps.items() if name not in names))


def _missing(found: PluginMap) -> KnownPlugin:
    from bridge.planning.context import NOT_HERE, KnownPlugin

    parameters = dict.fromkeys(target.to for target in found.parameters.values())
    return KnownPlugin(
        name=found.plugin,
        file="",
        parameters=parameters,
        plays={found.effect: found.trusted},
        absent=NOT_HERE,
    )


def playing(record: PluginRecord, maps: Mapping[str, PluginMap]) -> PluginMap | None:
    """How a plugin plays an effect of ours: by its map, else by a guess, which is not trusted."""
    from bridge.hosting.guessing import best_guess

    return maps.get(record.name) or (best_guess(record) if record.usable else None)


def _known(
    catalogue: Catalogue,
    record: PluginRecord,
    maps: Mapping[str, PluginMap],
    own: Path | None,
    name: str,
    broken: Iterable[BrokenMap],
) -> KnownPlugin:
    from bridge.hosting.presets import listed
    from bridge.planning.context import KnownPlugin

    found = playing(record, maps)
    return KnownPlugin(
        name=name,
        called=record.name,
        file=record.file,
        identifier=record.identifier,
        version=record.version,
        parameters={
            item.name: (item.low, item.high) if item.low is not None and item.high is not None else None
            for item in record.settable
        },
        channels=record.channels,
        plays={found.effect: found.trusted} if found is not None else {},
        presets=tuple(preset.name for preset in listed(record, own)) if record.usable else (),
        absent=_absent(record),
        caution="; it ".join(filter(None, (_caution(catalogue, record), _without_map(record, broken)))),
    )


def _absent(record: PluginRecord) -> str:
    if record.usable:
        return ""
    if record.unfinished:
        return "is slow and has not finished loading (`dawbridge plugins scan --wait` waits for it)"
    return f"cannot be used ({record.status} when it was scanned)"


def _without_map(record: PluginRecord, broken: Iterable[BrokenMap]) -> str:
    from bridge.hosting.own_maps import of

    found = of(broken, record.name)
    return f"has a map of yours that is not used: {found.sentence().rstrip('.')}" if found else ""


def _caution(catalogue: Catalogue, record: PluginRecord) -> str:
    strike = catalogue.strikes.quarantined(Path(record.file))
    if strike is None:
        return ""
    return (
        f"is in quarantine (it {strike.fault} in jobs); `dawbridge plugins forgive {record.name}` lifts that"
    )
