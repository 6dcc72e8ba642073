"""What planning asks of hosting: which of our effects the plugins here can play, and how, from maps and presets."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import BadInput, BadPlan

if TYPE_CHECKING:
    from bridge.effects.effect import Effect
    from bridge.effects.hosted_plugin import HostedPlugin
    from bridge.hosting import Catalogue, PluginRecord
    from bridge.hosting.mapping import PluginMap
    from bridge.planning.context import KnownPlugin

log = logging.getLogger(__name__)

NOT_HERE = "is not on this machine"


def own_presets() -> Path:
    """The user's folder of presets, beside config.toml; its `plugins` holds maps and plugin presets."""
    from bridge.config.load import default_file

    return default_file().parent / "presets"


def plugin_maps(own: Path | None = None) -> dict[str, PluginMap]:
    """The maps by the plugin's name, the user's before ours. A map of the user that is broken is logged and left out
    together with the user's others, so that no typo stops the planning."""
    from bridge.hosting.mapping import load_maps

    try:
        return load_maps(own=own_presets() if own is None else own)
    except BadInput as error:
        log.warning("the user's plugin maps are left out: %s", error.message)
        return load_maps()


class MappedPlayers:
    """The `Players` of planning. records: by the scan; maps: by the plugin's name; own: the user's presets folder."""

    def __init__(
        self,
        records: Iterable[PluginRecord],
        maps: Mapping[str, PluginMap],
        own: Path | None = None,
    ) -> None:
        self._records = {record.name.lower(): record for record in records}
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
            raise BadInput(f"{plugin} {NOT_HERE}.")
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
    here = [_known(catalogue, record, maps, own) for record in records]
    names = {plugin.name for plugin in here}
    return (*here, *(_missing(item) for name, item in maps.items() if name not in names))


def _missing(found: PluginMap) -> KnownPlugin:
    from bridge.planning.context import KnownPlugin

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
    catalogue: Catalogue, record: PluginRecord, maps: Mapping[str, PluginMap], own: Path | None
) -> KnownPlugin:
    from bridge.hosting.presets import listed
    from bridge.planning.context import KnownPlugin

    found = playing(record, maps)
    return KnownPlugin(
        name=record.name,
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
        absent="" if record.usable else f"cannot be used ({record.status} when it was scanned)",
        caution=_caution(catalogue, record),
    )


def _caution(catalogue: Catalogue, record: PluginRecord) -> str:
    strike = catalogue.strikes.quarantined(Path(record.file))
    if strike is None:
        return ""
    return (
        f"is in quarantine (it {strike.fault} in jobs); `dawbridge plugins forgive {record.name}` lifts that"
    )
