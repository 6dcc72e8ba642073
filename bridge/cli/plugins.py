"""`dawbridge plugins`: which VST3 and Audio Unit plugins there are, and which of them can be trusted."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.known_plugin import (
    bundle_of,
    catalogue_here,
    plays,
    record_of,
    shown_names,
    span_of,
    standing,
    state_option,
)
from bridge.cli.plugin_maps import map_command
from bridge.cli.plugin_passes import measured, status, to_come
from bridge.cli.plugin_presets import presets_command, save_command
from bridge.cli.terminal import emit, json_option, note, one_line, progress_bar, say, table
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.hosting import Catalogue, PluginRecord
    from bridge.hosting.own_maps import BrokenMap


@click.group("plugins")
def command() -> None:
    """Scan, list and show hosted plugins."""


@command.command("scan")
@click.option("--deep", is_flag=True, help="Also play sound through each: latency, tail, state, instances.")
@click.option(
    "--again", is_flag=True, help="Scan what is known too, and forgive plugins that failed in jobs."
)
@click.option("--wait", is_flag=True, help="Also finish plugins that take more than 30 s to load.")
@state_option
@json_option
def scan_command(deep: bool, again: bool, wait: bool, state: str | None, as_json: bool) -> int:
    """Try every plugin in a process of its own: one that crashes or hangs is marked, nothing else happens.

    With --json one object a bundle, as soon as it is done, and a summary as the last line.
    """
    from bridge.hosting.scan import scan

    catalogue = catalogue_here(state)
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
@state_option
@json_option
def list_command(state: str | None, as_json: bool) -> int:
    """What the last scan found; nothing is loaded."""
    from bridge.bootstrap.players import broken_maps

    catalogue = catalogue_here(state)
    if as_json:
        records = [{**record.to_json(), **standing(catalogue, record)} for record in catalogue.records()]
        done, total = catalogue.deep_scanned()
        progress = {"done": done, "bundles": total}
        told = {"plugins": records, "unscanned": _unscanned(catalogue), "deep_scan": progress}
        emit(told | {"broken_maps": [_broken(item) for item in broken_maps()]})
    else:
        _list(catalogue)
    return 0


@command.command("show")
@click.argument("name")
@click.option(
    "--preset", metavar="PRESET", help="A step with this preset (a name, or a file), to put into a plan."
)
@state_option
@json_option
def show_command(name: str, preset: str | None, state: str | None, as_json: bool) -> int:
    """One plugin: what it takes, how late it is, what it plays, and its parameters in real units."""
    record = record_of(name, state)
    if preset is not None:
        return _show_preset(record, preset, as_json)
    if as_json:
        emit({"plugin": {**record.to_json(), **standing(catalogue_here(state), record)}})
        return 0
    title = f"{record.name} {record.version}".strip()
    say(one_line(f"{title}{f' by {record.vendor}' if record.vendor else ''}: {status(record)}"))
    if record.reason:
        say(one_line(record.reason))
    if not record.usable:
        say(one_line(record.file))
        if record.unfinished:
            say("`dawbridge plugins scan --wait` finishes it now")
        return 0
    say(f"{one_line(record.file)}\nchannels {_channels(record)}, latency {record.latency_frames} frames")
    say("\n".join(measured(record)))
    say(f"plays: {plays(record) or 'none of our effects'}")
    _tell_broken(record.name)
    say()
    rows = [
        (p.name, p.title, span_of(p), "" if p.default is None else str(p.default), p.hidden or "")
        for p in record.parameters
    ]
    table(("parameter", "title", "span", "default", "not set by plans"), rows)
    return 0


@command.command("forgive")
@click.argument("name")
@state_option
@json_option
def forgive_command(name: str, state: str | None, as_json: bool) -> int:
    """Take a plugin out of quarantine: what it did in jobs is forgotten, and it plays again."""
    catalogue = catalogue_here(state)
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


def _broken(item: BrokenMap) -> dict[str, Any]:
    return {"file": str(item.file), "line": item.line, "plugin": item.plugin, "reason": item.why}


def _tell_broken(plugin: str | None = None) -> None:
    """The user's maps that cannot be used, of all plugins or of one."""
    from bridge.bootstrap.players import broken_maps
    from bridge.hosting.own_maps import of

    broken = broken_maps()
    one = of(broken, plugin) if plugin else None
    for item in broken if plugin is None else filter(None, (one,)):
        say(one_line(f"your map is not used: {item.sentence()}"))


def _list(catalogue: Catalogue) -> None:
    records = catalogue.records()
    names = shown_names(records)
    rows = [_row(catalogue, record, names[record.file]) for record in records]
    if rows:
        table(
            ("plugin", "vendor", "status", "channels", "parameters", "plays", "strikes"), rows, numbers=(4, 6)
        )
    told = [line for record in records if (line := _remark(catalogue, record, names[record.file]))]
    if told:
        say()
    for line in told:
        say(one_line(line))
    _tell_broken()
    waiting = _unscanned(catalogue)
    if waiting:
        note(f"{len(waiting)} not scanned yet: dawbridge plugins scan")
    elif not rows:
        note(f"no plugins in {', '.join(str(folder) for folder in catalogue.folders)}")
    for line in to_come(catalogue):
        note(line)


_WIDEST = 36
"""Characters of a cell; names are cut there, so that each plugin stays one row."""


def _row(catalogue: Catalogue, record: PluginRecord, name: str) -> tuple[str, ...]:
    stands = standing(catalogue, record)
    shown = "quarantine" if stands["quarantined"] else "slow, loading" if record.unfinished else record.status
    cells = (
        name, record.vendor, shown, _channels(record), str(len(record.settable)), plays(record), str(stands["strikes"])
    )  # fmt: skip
    return tuple(cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…" for cell in map(one_line, cells))


def _remark(catalogue: Catalogue, record: PluginRecord, name: str) -> str:
    """Why it is not used, and how to change that."""
    if standing(catalogue, record)["quarantined"]:
        quoted = f'"{name}"' if " " in name else name
        return f"{name}: quarantine; `dawbridge plugins forgive {quoted}` lifts that"
    return f"{name}: {record.reason}" if record.reason else ""


def _unscanned(catalogue: Catalogue) -> list[str]:
    return [str(bundle) for bundle in catalogue.bundles() if catalogue.known(bundle) is None]


def _channels(record: PluginRecord) -> str:
    return " or ".join(str(number) for number in record.channels) or "-"


command.add_command(map_command)
command.add_command(presets_command)
command.add_command(save_command)
