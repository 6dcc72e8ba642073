"""What the inside asks of the outside, made from the settings: the plugin catalogue, the host, what plans may name."""

from __future__ import annotations

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
    from bridge.hosting.patience import Patience

    log = settings.state / "logs" / "plugins.log"
    return PluginHost(
        catalogue(settings),
        memory_mb=settings.worker_memory_mb,
        log_path=log,
        beat=beat,
        accountant=accountant,
        maps=plugin_maps,
        patience=Patience(frame_s=settings.plugin_hang_s, grace_s=3 * settings.plugin_hang_s),
    )


def known_plugins(words: str, found: Catalogue) -> tuple[tuple[KnownPlugin, ...], MappedPlayers]:
    """The plugins a plan for these words may name: all that were scanned, and those that the words name; and how
    they play our effects.

    A plugin that the words name is scanned now, in a process of its own; the others wait for `plugins scan`. What
    still loads after the quick scan's bound is slow, and the plan goes on without it.
    """
    from bridge.bootstrap.players import MappedPlayers, known, own_presets, plugin_maps
    from bridge.hosting.scan import scan

    named = unscanned(words, found)
    for _record in scan(found, named) if named else ():
        pass
    own = own_presets()
    records, maps = found.records(), plugin_maps(own)
    return known(found, records, maps, own), MappedPlayers(records, maps, own)


def unscanned(words: str, found: Catalogue, unfinished: bool = False) -> list[Path]:
    """The bundles that the words name and that nobody has looked into. unfinished: those that were too slow, too."""
    from bridge.planning.plugins.mentions import spotted
    from bridge.planning.plugins.names import Index
    from bridge.planning.tongues import spoken
    from bridge.presets import load_lexicon, load_products, load_tongues

    there = {
        str(bundle): bundle
        for bundle in found.bundles()
        if (record := found.known(bundle)) is None or (unfinished and record.unfinished)
    }
    if not there:
        return []
    index = Index(((file, bundle.stem) for file, bundle in there.items()), load_products())
    lexicon = spoken(words, load_tongues(), load_lexicon("en")).lexicon
    named = spotted(words, index, load_products(), lexicon)
    return [there[file] for file in dict.fromkeys(file for mention in named for file in mention.here)]
