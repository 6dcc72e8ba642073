"""`dawbridge plugins`: which VST3 and Audio Unit plugins there are, and which of them can be trusted."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.settings import settings
from bridge.cli.terminal import emit, json_option, note, one_line, progress_bar, say, table
from bridge.errors import BadInput, PluginFailed

if TYPE_CHECKING:
    from bridge.hosting import Catalogue, PluginParameter, PluginRecord


@click.group("plugins")
def command() -> None:
    """Scan, list and show hosted plugins."""


@command.command("scan")
@click.option("--deep", is_flag=True, help="Also play sound through each: latency, tail, state, instances.")
@click.option(
    "--again", is_flag=True, help="Scan what is known too, and forgive plugins that failed in jobs."
)
@json_option
def scan_command(deep: bool, again: bool, as_json: bool) -> int:
    """Try every plugin in a process of its own: one that crashes or hangs is marked, nothing else happens.

    With --json one object a bundle, as soon as it is done, and a summary as the last line.
    """
    from bridge.hosting.scan import scan

    catalogue = _catalogue()
    total = len(catalogue.bundles())
    counts: Counter[str] = Counter()
    with progress_bar("plugins", quiet=as_json) as report:
        for record in scan(catalogue, deep=deep, again=again):
            counts[record.status] += 1
            report(sum(counts.values()) / max(total, 1), one_line(record.name))
            if as_json:
                _line(record.to_json())
    if as_json:
        emit(
            {
                "summary": {"bundles": total, **counts},
                "folders": [str(folder) for folder in catalogue.folders],
            }
        )
    else:
        _list(catalogue)
    return 0


@command.command("list")
@json_option
def list_command(as_json: bool) -> int:
    """What the last scan found; nothing is loaded."""
    catalogue = _catalogue()
    if as_json:
        records = [record.to_json() for record in catalogue.records()]
        emit({"plugins": records, "unscanned": _unscanned(catalogue)})
    else:
        _list(catalogue)
    return 0


@command.command("show")
@click.argument("name")
@json_option
def show_command(name: str, as_json: bool) -> int:
    """One plugin: what it takes, how late it is, and its parameters in real units."""
    record = _record(_catalogue(), name)
    if as_json:
        emit({"plugin": record.to_json()})
        return 0
    say(f"{record.name} {record.version} by {record.vendor or 'unknown'}: {record.status}")
    if record.reason:
        say(one_line(record.reason))
    say(f"{one_line(record.file)}\nchannels {_channels(record)}, latency {record.latency_frames} frames\n")
    rows = [
        (p.name, p.title, _span(p), "" if p.default is None else str(p.default), p.hidden or "")
        for p in record.parameters
    ]
    table(("parameter", "title", "span", "default", "not set by plans"), rows)
    return 0


def _catalogue() -> Catalogue:
    from bridge.bootstrap.ports import catalogue

    return catalogue(settings())


def _record(catalogue: Catalogue, name: str) -> PluginRecord:
    from bridge.hosting.scan import scan

    try:
        bundle = catalogue.find(name)
    except PluginFailed as error:  # nothing was tried: the name given is no plugin's
        raise BadInput(error.message) from None
    for record in scan(catalogue, [bundle]):
        return record
    raise BadInput(f"{bundle} cannot be scanned.")


def _line(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, allow_nan=False) + "\n")
    sys.stdout.flush()


def _list(catalogue: Catalogue) -> None:
    records = catalogue.records()
    rows = [(r.name, r.vendor, r.status, _channels(r), str(len(r.settable)), r.reason or "") for r in records]
    if rows:
        table(("plugin", "vendor", "status", "channels", "parameters", "reason"), rows, numbers=(4,))
    waiting = _unscanned(catalogue)
    if waiting:
        note(f"{len(waiting)} not scanned yet: dawbridge plugins scan")
    elif not rows:
        note(f"no plugins in {', '.join(str(folder) for folder in catalogue.folders)}")


def _unscanned(catalogue: Catalogue) -> list[str]:
    return [str(bundle) for bundle in catalogue.bundles() if catalogue.known(bundle) is None]


def _channels(record: PluginRecord) -> str:
    return " or ".join(str(number) for number in record.channels) or "-"


def _span(parameter: PluginParameter) -> str:
    if parameter.kind == "number" and parameter.low is not None and parameter.high is not None:
        return f"{parameter.low:g} to {parameter.high:g} {parameter.unit}".strip()
    return " | ".join(parameter.choices) if parameter.kind == "choice" else parameter.kind
