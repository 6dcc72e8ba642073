"""A plugin by its name, as the commands about plugins know it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.settings import settings
from bridge.errors import BadInput, PluginFailed

if TYPE_CHECKING:
    from bridge.hosting import Catalogue, PluginParameter, PluginRecord
    from bridge.hosting.mapping import PluginMap


def catalogue_here() -> Catalogue:
    """Of this machine, by the effective settings."""
    from bridge.bootstrap.ports import catalogue

    return catalogue(settings())


def record_of(name: str) -> PluginRecord:
    """What is known of a plugin; it is scanned now if it was not. Raises BadInput for a name that is none."""
    from bridge.hosting.scan import scan

    catalogue = catalogue_here()
    bundle = bundle_of(catalogue, name)
    for record in scan(catalogue, [bundle]):
        return record
    raise BadInput(f"{bundle} cannot be scanned.")


def bundle_of(catalogue: Catalogue, name: str) -> Path:
    """Where it lies. Raises BadInput for a name that is no plugin's."""
    try:
        return catalogue.find(name)
    except PluginFailed as error:  # nothing was tried: the name given is no plugin's
        raise BadInput(error.message) from None


@cache
def _maps() -> dict[str, PluginMap]:
    from bridge.bootstrap.players import plugin_maps

    return plugin_maps()


def plays(record: PluginRecord) -> str:
    """ "compressor (map trusted)"."""
    from bridge.bootstrap.players import playing

    found = playing(record, _maps())
    return f"{found.effect} (map {'trusted' if found.trusted else 'guessed'})" if found is not None else ""


def standing(catalogue: Catalogue, record: PluginRecord) -> dict[str, Any]:
    """What it plays and what it has done in jobs."""
    from bridge.bootstrap.players import playing

    found = playing(record, _maps())
    bundle = Path(record.file)
    return {
        "plays": {found.effect: "trusted" if found.trusted else "guessed"} if found is not None else {},
        "strikes": len(catalogue.strikes.of(bundle)),
        "quarantined": catalogue.strikes.quarantined(bundle) is not None,
    }


def span_of(parameter: PluginParameter) -> str:
    """What a parameter may be set to: "-80 to 0 dB", the choices, "switch"."""
    if parameter.kind == "number" and parameter.low is not None and parameter.high is not None:
        return f"{parameter.low:g} to {parameter.high:g} {parameter.unit}".strip()
    return " | ".join(parameter.choices) if parameter.kind == "choice" else parameter.kind
