"""`dawbridge plugins`: which VST3 and Audio Unit plugins there are, and which of them can be trusted."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.known_plugin import bundle_of, catalogue_here, plays, record_of, span_of, standing
from bridge.cli.plugin_maps import map_command
from bridge.cli.plugin_passes import measured, status, to_come
from bridge.cli.plugin_presets import presets_command, save_command
from bridge.cli.terminal import emit, json_option, note, one_line, progress_bar, say, table
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.hosting import Catalogue, PluginRecord


@click.group("plugins")
def command() -> None:
    """Scan, list and show hosted plugins."""


@command.command("scan")
@click.option("--deep", is_flag=True, help="Also play sound through each: latency, tail, state, instances.")
@click.option(
    "--again", is_flag=True, help="Scan what is known too, and forgive plugins that failed in jobs."
)
@click.option("--wait", is_flag=True, help="Also finish plugins that take more than 30 s to load.")
@json_option
def scan_command(deep: bool, again: bool, wait: bool, as_json: bool) -> int:
    """Try every plugin in a process of its own: one that crashes or hangs is marked, nothing else happens.

    With --json one object a bundle, as soon as it is done, and a summary as the last line.
    """
    from bridge.hosting.scan import scan

    catalogue = catalogue_here()
    total = len(catalogue.bundles())
    counts: Counter[str] = Counter()
    with progress_bar("plugins", quiet=as_json) as report:
        for record in scan(catalogue, deep=deep, again=again, wait=wait):
            counts[record.status] += 1
            report(sum(counts.values()) / max(total, 1), one_line(f"{record.name}: {status(record)}"))
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
    catalogue = catalogue_here()
    if as_json:
        records = [{**record.to_json(), **standing(catalogue, record)} for record in catalogue.records()]
        done, total = catalogue.deep_scanned()
        progress = {"done": done, "bundles": total}
        emit({"plugins": records, "unscanned": _unscanned(catalogue), "deep_scan": progress})
    else:
        _list(catalogue)
    return 0


@command.command("show")
@click.argument("name")
@click.option(
    "--preset", metavar="PRESET", help="A step with this preset (a name, or a file), to put into a plan."
)
@json_option
def show_command(name: str, preset: str | None, as_json: bool) -> int:
    """One plugin: what it takes, how late it is, what it plays, and its parameters in real units."""
    record = record_of(name)
    if preset is not None:
        return _show_preset(record, preset, as_json)
    if as_json:
        emit({"plugin": {**record.to_json(), **standing(catalogue_here(), record)}})
        return 0
    say(f"{record.name} {record.version} by {record.vendor or 'unknown'}: {status(record)}")
    if record.reason:
        say(one_line(record.reason))
    say(f"{one_line(record.file)}\nchannels {_channels(record)}, latency {record.latency_frames} frames")
    say("\n".join(measured(record)))
    say(f"plays: {plays(record) or 'none of our effects'}\n")
    rows = [
        (p.name, p.title, span_of(p), "" if p.default is None else str(p.default), p.hidden or "")
        for p in record.parameters
    ]
    table(("parameter", "title", "span", "default", "not set by plans"), rows)
    return 0


@command.command("forgive")
@click.argument("name")
@json_option
def forgive_command(name: str, as_json: bool) -> int:
    """Take a plugin out of quarantine: what it did in jobs is forgotten, and it plays again."""
    catalogue = catalogue_here()
    bundle = bundle_of(catalogue, name)
    strikes = len(catalogue.strikes.of(bundle))
    if strikes:
        catalogue.strikes.forgive(bundle)
    if as_json:
        emit({"plugin": name, "file": str(bundle), "forgiven": strikes})
    else:
        say(f"{bundle.stem}: {strikes} strikes forgiven" if strikes else f"{bundle.stem} has no strikes")
    return 0


def _show_preset(record: PluginRecord, preset: str, as_json: bool) -> int:
    """A step that holds the preset: its state, with the hash that it must have."""
    from bridge.bootstrap.players import own_presets
    from bridge.hosting.presets import named, read

    file = Path(preset) if Path(preset).is_file() else named(record, preset, own_presets())
    made = read(file, record.name)
    if made.plugin.name != record.name:
        raise BadInput(f"{file.name} is a preset of {made.plugin.name}, not of {record.name}.")
    step = {"id": "hosted_plugin-1", "effect": "hosted_plugin", "parameters": made.parameters()}
    if as_json:
        emit({"step": step})
    else:
        say(json.dumps(step, indent=2))
    return 0


def _line(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, allow_nan=False) + "\n")
    sys.stdout.flush()


def _list(catalogue: Catalogue) -> None:
    records = catalogue.records()
    rows = [_row(catalogue, record) for record in records]
    if rows:
        heads = ("plugin", "vendor", "status", "channels", "parameters", "plays", "strikes", "reason")
        table(heads, rows, numbers=(4, 6))
    waiting = _unscanned(catalogue)
    if waiting:
        note(f"{len(waiting)} not scanned yet: dawbridge plugins scan")
    elif not rows:
        note(f"no plugins in {', '.join(str(folder) for folder in catalogue.folders)}")
    for line in to_come(catalogue):
        note(line)


def _row(catalogue: Catalogue, record: PluginRecord) -> tuple[str, ...]:
    stands = standing(catalogue, record)
    shown = "quarantine" if stands["quarantined"] else status(record)
    why = f"dawbridge plugins forgive {record.name}" if stands["quarantined"] else record.reason or ""
    return (
        record.name, record.vendor, shown, _channels(record), str(len(record.settable)), plays(record),
        str(stands["strikes"]), why,
    )  # fmt: skip


def _unscanned(catalogue: Catalogue) -> list[str]:
    return [str(bundle) for bundle in catalogue.bundles() if catalogue.known(bundle) is None]


def _channels(record: PluginRecord) -> str:
    return " or ".join(str(number) for number in record.channels) or "-"


command.add_command(map_command)
command.add_command(presets_command)
command.add_command(save_command)
