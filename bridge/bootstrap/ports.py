"""What the inside asks of the outside, made from the settings: the plugin catalogue, the host, what plans may name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.bootstrap.players import MappedPlayers
    from bridge.config import Settings
    from bridge.hosting import Catalogue, PluginHost
    from bridge.planning.context import KnownPlugin


def catalogue(settings: Settings) -> Catalogue:
    """What is known of this machine's plugins; kept in the state folder."""
    from bridge.hosting import Catalogue

    return Catalogue(settings.state / "plugins", settings.plugin_folders)


def plugin_host(
    settings: Settings, beat: Callable[[], None] | None = None, accountant: int | None = None
) -> PluginHost:
    """The host that renders `hosted_plugin` steps in this process. beat: called while plugins are at work.

    accountant: pid of the process that counts this one's death against the plugin at work in it.
    """
    from bridge.bootstrap.players import plugin_maps
    from bridge.hosting import PluginHost

    log = settings.state / "logs" / "plugins.log"
    return PluginHost(
        catalogue(settings),
        memory_mb=settings.worker_memory_mb,
        log_path=log,
        beat=beat,
        accountant=accountant,
        maps=plugin_maps,
    )


def known_plugins(words: str, found: Catalogue) -> tuple[tuple[KnownPlugin, ...], MappedPlayers]:
    """The plugins a plan for these words may name: all that were scanned, and those that the words name; and how
    they play our effects.

    A plugin that the words name is scanned now, in a process of its own; the others wait for `plugins scan`.
    """
    from bridge.bootstrap.players import MappedPlayers, known, own_presets, plugin_maps
    from bridge.hosting.isolated import PATIENCE
    from bridge.hosting.scan import scan

    named = [bundle for bundle in found.bundles() if _names(words, bundle) and not _is_known(bundle, found)]
    for _record in scan(found, named, wait=True, patience=PATIENCE) if named else ():
        pass
    own = own_presets()
    records, maps = found.records(), plugin_maps(own)
    return known(found, records, maps, own), MappedPlayers(records, maps, own)


def _is_known(bundle: Path, found: Catalogue) -> bool:
    record = found.known(bundle)
    return record is not None and record.wants != "quick"


def _names(words: str, bundle: Path) -> bool:
    name = _letters(bundle.stem)
    return bool(name) and name in _letters(words)  # a name without Latin letters would be in any words


def _letters(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())
