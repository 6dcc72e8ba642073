"""A plugin by its name, as the commands about plugins know it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.settings import settings
from bridge.errors import BadInput, PluginFailed

if TYPE_CHECKING:
    from bridge.hosting import Catalogue, PluginParameter, PluginRecord
    from bridge.hosting.mapping import PluginMap


state_option = click.option("--state", metavar="DIR", help="Folder of what is known, as of `serve --state`.")


def catalogue_here(state: str | None) -> Catalogue:
    """Of this machine, by the effective settings. state: another folder than theirs."""
    from bridge.bootstrap.ports import catalogue

    return catalogue(settings(state=state))


def record_of(name: str, state: str | None) -> PluginRecord:
    """What is known of a plugin; it is scanned now if it was not. Raises BadInput for a name that is none, or that
    several plugins have."""
    from bridge.hosting.scan import scan

    catalogue = catalogue_here(state)
    bundle = bundle_of(catalogue, name)
    for record in scan(catalogue, [bundle]):
        return record
    raise BadInput(f"{bundle} cannot be scanned.")


def bundle_of(catalogue: Catalogue, name: str) -> Path:
    """Where it lies. name: of the plugin, as `plugins list` shows it, or its file. Raises BadInput for a name that is
    no plugin's, or that several have."""
    from bridge.bootstrap.players import labelled

    wanted = name.strip().lower()
    known = labelled(catalogue.records())
    for label, record in known.items():
        if label.lower() == wanted:
            return Path(record.file)
    alike = [label for label, record in known.items() if record.name.lower() == wanted]
    if len(alike) > 1:
        raise BadInput(
            f"Which {name}? There are {' and '.join(alike)}; name one as it stands there, or its file."
        )
    try:
        return catalogue.find(
            "" if Path(name).is_absolute() else name, name if Path(name).is_absolute() else None
        )
    except PluginFailed as error:  # nothing was tried: the name given is no plugin's
        raise BadInput(error.message) from None


def shown_names(records: Iterable[PluginRecord]) -> dict[str, str]:
    """What to call each in a table, by its file: with its maker or file where a name alone says too little."""
    from bridge.bootstrap.players import label

    alike: dict[str, list[PluginRecord]] = {}
    for record in records:
        alike.setdefault(record.name.lower(), []).append(record)
    return {record.file: label(record, group) for group in alike.values() for record in group}


@cache
def _maps() -> dict[str, PluginMap]:
    from bridge.bootstrap.players import plugin_maps

    return plugin_maps()


def plays(record: PluginRecord) -> str:
    """ "compressor", or "compressor (a guess)" where nobody has trusted that."""
    from bridge.bootstrap.players import playing

    found = playing(record, _maps())
    return f"{found.effect}{'' if found.trusted else ' (a guess)'}" if found is not None else ""


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
